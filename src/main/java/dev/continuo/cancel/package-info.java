/**
 * Ending a run before it is done. Promises: durable first, then a hint that hurries its owner, so a lost hint costs
 * latency and a dead owner costs nothing; refuses to know how a run is executed.
 */
package dev.continuo.cancel;
