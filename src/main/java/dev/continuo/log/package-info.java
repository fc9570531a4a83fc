/**
 * Positions in a run's log and the rules by which it is written and read: what an owner seals, publishes and flushes,
 * what a reader shows, where a client's cursor stands, what the end of it all looks like as a message.
 *
 * <p>Everything here is a fold over values. It promises that whoever applies the {@link dev.continuo.log.Step}s of a
 * {@link dev.continuo.log.RunReader} ends with exactly the stored text, whatever was lost, repeated or late. It refuses
 * to know where messages come from, what a clock says, and which thread calls.
 */
package dev.continuo.log;
