package dev.continuo.chat;

import dev.continuo.attach.From;
import dev.continuo.attach.Reading;
import dev.continuo.attach.TailReader;
import dev.continuo.attach.Tails;
import dev.continuo.attach.Visibility;
import dev.continuo.log.Cursor;
import dev.continuo.log.EpochBase;
import java.util.List;
import java.util.UUID;

/** The readings of a real tail. */
record TailReadings(TailReader reader) implements RunReadings {
    static Source of(Tails tails, UUID thread, UUID run) {
        return (idx, signal) -> new TailReadings(tails.read(thread, run, Visibility.LIVE, new From.After(idx), signal));
    }

    @Override
    public boolean ready() {
        return reader.view().ready();
    }

    @Override
    public boolean paused() {
        return reader.view().paused();
    }

    @Override
    public Reading poll() {
        return reader.poll();
    }

    @Override
    public Cursor cursor() {
        return reader.cursor();
    }

    @Override
    public List<EpochBase> bases() {
        return reader.view().bases();
    }

    @Override
    public void close() {
        reader.close();
    }
}
