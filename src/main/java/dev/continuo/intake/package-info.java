/**
 * Accepts a message: exactly once per key, in one transaction under the thread's lock, with its run. Promises that what
 * was accepted is durable and has its place in the order of the thread; refuses to know who will run it.
 */
package dev.continuo.intake;
