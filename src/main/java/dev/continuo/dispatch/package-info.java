/**
 * Finds work for this node and finds the work of dead ones: timers over durable rows, with leases and SKIP LOCKED.
 * Promises that every READY run is claimed by some node within a second, that what a node has claimed it runs or gives
 * back, and that a leaving node hands its runs over before it gives up its life. Refuses to know what a run does.
 *
 * <p>A hint only hurries: every timer here looks at the database whether it was called or not.
 */
package dev.continuo.dispatch;
