/**
 * The native HTTP surface: threads, messages, runs, and the operation of the cluster. Promises that every resource only
 * translates: a request into one call of the package that knows, its outcome into a status and JSON. Refuses to decide
 * anything, and nothing depends on it.
 */
package dev.continuo.api;
