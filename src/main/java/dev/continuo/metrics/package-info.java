/**
 * The figures of this node and of the queue, for MicroProfile Metrics. Promises that reading them costs the database one
 * small query every few seconds at most; refuses to change anything.
 */
package dev.continuo.metrics;
