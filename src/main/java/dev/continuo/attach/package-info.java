/**
 * Open streams. One {@link dev.continuo.attach.Tail} per run and node reads what PostgreSQL and JetStream have, by the
 * rules of {@code log}, and encodes each record once; any number of watchers, each a virtual thread with an offset,
 * write it at the pace of their clients.
 *
 * <p>It promises that a client that applies the frames ends with exactly the stored text, through rewinds, lost
 * brokers, restarts and reconnects on any node; that an end is only told once PostgreSQL has it; and that a slow client
 * delays nobody. It refuses to know who executes a run, or why: it is the same for the owner's node and for any other.
 */
package dev.continuo.attach;
