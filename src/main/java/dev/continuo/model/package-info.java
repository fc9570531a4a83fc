/**
 * A language model as a stream of events. Promises that a call ends in exactly one way: a result that carries the
 * provider's own finish reason, or a {@link dev.continuo.model.ModelException} that says whether anything had been
 * received. Refuses to know runs, logs and threads.
 */
package dev.continuo.model;
