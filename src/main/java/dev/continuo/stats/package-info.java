/**
 * What this node counts and times. Promises: bumping a figure never blocks and never throws. Refuses to know who shows
 * the figures, and whose work they measure.
 */
package dev.continuo.stats;
