/**
 * How JSON is read and written everywhere: where Jackson's mappers come from. Promises that a waiting thread keeps none
 * of their buffers; refuses to know what is in a document.
 */
package dev.continuo.json;
