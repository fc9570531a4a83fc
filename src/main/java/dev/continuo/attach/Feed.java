package dev.continuo.attach;

import java.time.Duration;

/**
 * What one stream says. Its {@link Watcher} asks for more from its own thread only, whenever the last write is done
 * and the feed's signal was raised; so a feed needs no lock and may read the database where it must.
 */
public interface Feed extends AutoCloseable {
    /** What follows a call of {@link #next}. */
    enum Progress {
        /** There may be more to say at once. */
        MORE,
        /** Everything is said until the signal is raised. */
        IDLE,
        /** Everything is said for ever: a clean end. */
        END
    }

    /** Called first, from the watcher's thread; {@code signal} is to be raised when there may be something to say. */
    void begin(Signal signal);

    /** Appends what is to be said now, and stops where the batch is full. */
    Progress next(Batch out);

    /** The stream ends early and the client should come back after that time: says so, if the protocol can. */
    void farewell(Batch out, Duration after);

    @Override
    void close();
}
