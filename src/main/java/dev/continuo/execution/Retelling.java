package dev.continuo.execution;

import dev.continuo.log.Chunk;
import dev.continuo.log.Regeneration;
import dev.continuo.log.Regeneration.Next;
import dev.continuo.node.Stopwatch;
import java.time.Duration;

/**
 * Writes one call's answer behind what the log has of it already: silent while both say the same, and under a new epoch
 * from where they differ. A call that takes twice as long as the first one, and is still not where that was, is written
 * from where it is: words that come again are better than none.
 */
final class Retelling implements ChunkWriter.Sink {
    /** Providers differ by more than a short answer takes, and a rewind is worse than that much silence. */
    static final Duration LEAST_PATIENCE = Duration.ofSeconds(10);

    private final Regeneration regeneration;
    private final Log log;
    private final Stopwatch time;
    private final long began;
    private final Duration patience;

    /** The log as an answer is written to it. */
    interface Log {
        /** @throws Stop where there is a reason to stop */
        void awaitTurn() throws InterruptedException;

        void append(Chunk chunk) throws InterruptedException;

        void fork(int base, String reason) throws InterruptedException;
    }

    /** @param took how long the log's own call took to get where the log ends */
    Retelling(Regeneration regeneration, Log log, Stopwatch time, Duration took) {
        this.regeneration = regeneration;
        this.log = log;
        this.time = time;
        this.began = time.nanoTime();
        this.patience = took.multipliedBy(2).compareTo(LEAST_PATIENCE) > 0 ? took.multipliedBy(2) : LEAST_PATIENCE;
    }

    @Override
    public void append(Chunk chunk) throws InterruptedException {
        log.awaitTurn();
        switch (regeneration.next(chunk)) {
            case Next.Same() -> {
                if (chunk instanceof Chunk.Delta
                        && regeneration.inside()
                        && time.since(began).compareTo(patience) > 0) {
                    leave(regeneration.giveUp(), "slow");
                }
            }
            case Next.Beyond(Chunk beyond) -> log.append(beyond);
            case Next.Fork fork -> leave(fork, "difference");
        }
    }

    private void leave(Next.Fork fork, String reason) throws InterruptedException {
        log.fork(fork.base(), reason);
        for (var chunk : fork.chunks()) {
            log.append(chunk);
        }
    }
}
