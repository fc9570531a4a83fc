/**
 * The way out, to addresses that users chose. Promises that a connection is made only to an address that was checked, by
 * that very address, so that a name which resolves differently the second time gains nothing. Refuses to know what is
 * said over the connection.
 */
package dev.continuo.egress;
