package dev.continuo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.continuo.attach.Batch;
import dev.continuo.attach.Feed;
import dev.continuo.attach.Frame;
import dev.continuo.attach.Reading;
import dev.continuo.attach.Signal;
import dev.continuo.chat.Projection.Show;
import dev.continuo.chat.Projection.Turn;
import dev.continuo.log.Compacted;
import dev.continuo.log.Cursor;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Terminal;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** One run as the stream of chunks that an AI SDK client reads; positions ride along and are ignored by it. */
final class ChunkFeed implements Feed {
    private enum Phase {
        READING_THE_PAST,
        SAYING_THE_PAST,
        LIVE
    }

    private final RunReadings.Source source;
    private final UUID answer;
    private final Viewing viewing;
    private final Supplier<List<byte[]>> stored;
    private final IntPredicate pausedAt;
    private final Cut cut;
    private final Projection projection;
    private final List<LogRecord> past = new ArrayList<>();
    private final Queue<LogRecord> compacted = new ArrayDeque<>();
    private Phase phase;
    private int after;
    private boolean counted;
    private Signal signal;
    private RunReadings run;

    /**
     * @param answer the message id that the client is to see
     * @param stored the answer told from the stored message, for runs whose records are deleted
     * @param pausedAt whether the run waits for people right now, and has said nothing after that record
     */
    ChunkFeed(
            RunReadings.Source source,
            UUID answer,
            Viewing viewing,
            Supplier<List<byte[]>> stored,
            IntPredicate pausedAt,
            Cut cut) {
        this.source = source;
        this.answer = answer;
        this.viewing = viewing;
        this.stored = stored;
        this.pausedAt = pausedAt;
        this.cut = cut;
        this.projection = new Projection(viewing.reader(), viewing.declared());
        this.after = viewing.after();
        this.phase = viewing.past() == Viewing.Past.COMPACTED ? Phase.READING_THE_PAST : Phase.LIVE;
    }

    @Override
    public void begin(Signal wakeUp) {
        signal = wakeUp;
        run = source.after(after, signal);
    }

    @Override
    public Progress next(Batch out) {
        while (!out.full()) {
            var progress = phase == Phase.SAYING_THE_PAST ? sayThePast(out) : read(out);
            if (progress != Progress.MORE) {
                return progress;
            }
        }
        return Progress.MORE;
    }

    private Progress sayThePast(Batch out) {
        var record = compacted.poll();
        if (record == null) {
            phase = Phase.LIVE;
        } else {
            show(out, record);
        }
        return Progress.MORE;
    }

    private Progress read(Batch out) {
        boolean ready = run.ready();
        if (ready && !counted) {
            counted = true;
            if (viewing.mayMixTexts(run.bases())) {
                return rewritten(out);
            }
            if (viewing.past() == Viewing.Past.KNOWN) {
                say(out, SaidChunks.start(answer));
            }
        }
        return switch (run.poll()) {
            case Reading.Nothing() -> nothing(out, ready);
            case Reading.Records(List<Frame> frames) -> records(out, frames);
            case Reading.Rewound(int to, long epoch, String reason) -> rewound(out, to);
            case Reading.Ended(Terminal t) -> phase == Phase.LIVE ? end(out, t) : pastIsRead();
            case Reading.Vanished(Terminal t) -> retell(out, t);
            case Reading.Deleted() -> deleted(out);
        };
    }

    private Progress nothing(Batch out, boolean ready) {
        if (phase != Phase.LIVE && ready) {
            return pastIsRead();
        }
        return ready && run.paused() && pausedAt.test(run.cursor().idx()) ? paused(out) : Progress.IDLE;
    }

    /** It is a person's turn: the client must see an end to let its user answer. What follows is another stream. */
    private Progress paused(Batch out) {
        say(out, SaidChunks.PAUSED);
        return done(out);
    }

    private Progress pastIsRead() {
        phase = Phase.SAYING_THE_PAST;
        compacted.addAll(Compacted.fold(past));
        past.clear();
        return Progress.MORE;
    }

    private Progress records(Batch out, List<Frame> frames) {
        for (var f : frames) {
            if (phase == Phase.LIVE) {
                show(out, f);
            } else {
                past.add(new LogRecord(f.idx(), f.epoch(), f.chunk()));
            }
        }
        return Progress.MORE;
    }

    private void show(Batch out, Frame f) {
        switch (projection.show(f.idx(), f.chunk())) {
            case Show.AsItIs() -> out.add(f);
            case Show.Instead(byte[] chunk) -> say(out, f.idx(), f.epoch(), chunk);
            case Show.Nothing() -> {}
        }
    }

    private void show(Batch out, LogRecord r) {
        switch (projection.show(r.idx(), r.chunk())) {
            case Show.AsItIs() -> say(out, r.idx(), r.epoch(), r.chunk());
            case Show.Instead(byte[] chunk) -> say(out, r.idx(), r.epoch(), chunk);
            case Show.Nothing() -> {}
        }
    }

    private Progress rewound(Batch out, int to) {
        return switch (projection.rewound(to)) {
            case Turn.GoOn() -> {
                if (phase == Phase.READING_THE_PAST) {
                    readAgain(Math.min(after, to));
                }
                yield Progress.MORE;
            }
            case Turn.ResetStep(int sayAgainAfter) -> {
                say(out, SaidChunks.RESET_STEP);
                phase = Phase.READING_THE_PAST;
                readAgain(sayAgainAfter);
                yield Progress.MORE;
            }
            case Turn.Void() -> rewritten(out);
        };
    }

    private void readAgain(int from) {
        past.clear();
        run.close();
        after = from;
        run = source.after(from, signal);
    }

    private Progress end(Batch out, Terminal t) {
        if (!projection.finished() && viewing.after() == 0) {
            if (!projection.started()) {
                say(out, SaidChunks.start(answer));
            }
            SaidChunks.end(t).forEach(chunk -> say(out, chunk));
        }
        return done(out);
    }

    private Progress retell(Batch out, Terminal t) {
        if (viewing.after() > 0 || projection.started()) {
            return rewritten(out);
        }
        stored.get().forEach(chunk -> say(out, chunk));
        SaidChunks.end(t).forEach(chunk -> say(out, chunk));
        return done(out);
    }

    /** What the client shows is void. */
    private Progress rewritten(Batch out) {
        if (viewing.reader() == Projection.Reader.COUNTING) {
            say(out, SaidChunks.error(SaidChunks.REWRITTEN));
            return finish(out);
        }
        breakOff(out, SaidChunks.REWRITTEN, viewing.declared().mayBeVersionFive());
        return Progress.END;
    }

    private Progress deleted(Batch out) {
        say(out, SaidChunks.error(SaidChunks.DELETED));
        return finish(out);
    }

    @Override
    public void farewell(Batch out, Duration wait) {
        switch (viewing.reader()) {
            case CHAT -> breakOff(out, SaidChunks.MOVED, viewing.declared().mayBeVersionFive());
            case UNKNOWN -> breakOff(out, SaidChunks.MOVED, false);
            case COUNTING -> {}
        }
    }

    /**
     * Ends the stream so that nobody takes it for whole. In a browser version 5 keeps a half message after a bare
     * network error and would double the text when it resumes; after an error chunk it begins afresh.
     */
    private void breakOff(Batch out, String why, boolean inWordsFirst) {
        boolean cutting = cut.arm();
        if (inWordsFirst || !cutting) {
            say(out, SaidChunks.error(why));
        }
        if (!cutting) {
            finish(out);
        }
    }

    private Progress finish(Batch out) {
        say(out, SaidChunks.finish());
        return done(out);
    }

    private Progress done(Batch out) {
        say(out, SaidChunks.DONE);
        return Progress.END;
    }

    private void say(Batch out, byte[] data) {
        var at = run.cursor();
        say(out, at.idx(), at.epoch(), data);
    }

    private void say(Batch out, int idx, long epoch, byte[] data) {
        var frame = new ByteArrayOutputStream(data.length + 80);
        frame.writeBytes(("id: " + new Cursor(run.cursor().run(), epoch, idx) + "\ndata: ").getBytes(UTF_8));
        frame.writeBytes(data);
        frame.writeBytes("\n\n".getBytes(UTF_8));
        out.add(frame.toByteArray());
    }

    @Override
    public void close() {
        if (run != null) {
            run.close();
        }
    }
}
