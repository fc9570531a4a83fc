/**
 * Who this node is, what time it is, and whether it is leaving. Promises: one id per start, a clock and a stopwatch that
 * tests can replace. Refuses to know what the node works on.
 */
package dev.continuo.node;
