package dev.continuo.chat;

import dev.continuo.attach.Reading;
import dev.continuo.attach.Signal;
import dev.continuo.log.Cursor;
import dev.continuo.log.EpochBase;
import java.util.List;

/** One reader of a run's tail, as far as this surface needs it. */
interface RunReadings extends AutoCloseable {
    /** False until PostgreSQL was read and the broker asked; until then silence says nothing. */
    boolean ready();

    /** It waited for people when PostgreSQL was last read; by now somebody may have answered. */
    boolean paused();

    Reading poll();

    Cursor cursor();

    List<EpochBase> bases();

    @Override
    void close();

    /** Opens readers of one run. */
    interface Source {
        RunReadings after(int idx, Signal signal);
    }
}
