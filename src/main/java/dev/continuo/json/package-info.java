/**
 * How JSON is read and written everywhere: where Jackson's mappers come from. Promises that what is read and
 * written with them leaves no buffers behind with the thread; refuses to know what is in a document.
 */
package dev.continuo.json;
