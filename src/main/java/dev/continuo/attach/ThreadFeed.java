package dev.continuo.attach;

import dev.continuo.log.Cursor;
import dev.continuo.log.Terminal;
import dev.continuo.log.ThreadReader;
import dev.continuo.log.ThreadReader.Next;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The native stream of a thread: run after run in the order of turns, each to its end before the next begins, and in
 * between what is said about the queue.
 */
final class ThreadFeed implements Feed {
    private final UUID thread;
    private final String shownThread;
    private final Optional<String> cursor;
    private final Tails tails;
    private final Lines lines;
    private final Answers answers;
    private final Announcements announcements = new Announcements();
    private Signal signal;
    private Line line;
    private long firstLook;
    private ThreadReader order;
    private TailReader reader;
    private ThreadRuns announced;
    private long epoch;

    /** @param shownThread the thread's id as its client knows it */
    ThreadFeed(UUID thread, String shownThread, Optional<String> cursor, Tails tails, Lines lines, Answers answers) {
        this.thread = thread;
        this.shownThread = shownThread;
        this.cursor = cursor;
        this.tails = tails;
        this.lines = lines;
        this.answers = answers;
    }

    @Override
    public void begin(Signal mine) {
        signal = mine;
        var joined = lines.join(thread, mine);
        line = joined.line();
        firstLook = joined.firstLook();
    }

    @Override
    public Progress next(Batch out) {
        if (!line.looked(firstLook)) {
            return Progress.IDLE;
        }
        var runs = line.runs().orElseThrow();
        if (order == null) {
            begin(runs, out);
        }
        if (runs != announced) {
            announced = runs;
            announcements.add(runs, out);
        }
        return reader == null ? go(order.next(runs.after(order.turn()), runs.now()), out) : read(out);
    }

    private void begin(ThreadRuns runs, Batch out) {
        var begun = ThreadReader.begin(runs.asked(cursor), runs.now(), runs.inFlight());
        order = begun.reader();
        go(begun.first(), out);
    }

    private Progress go(Next next, Batch out) {
        switch (next) {
            case Next.Quiet() -> {
                return Progress.IDLE;
            }
            case Next.Open(var now) ->
                out.add(Frames.open(
                        shown(now),
                        shownThread,
                        line.runs().orElseThrow().unfinished().stream()
                                .map(ThreadRuns.Run::id)
                                .findFirst()));
            case Next.Here(var now) -> out.add(Frames.id(shown(now)));
            case Next.Reset(var now) -> out.add(Frames.reset(shown(now), shownThread));
            case Next.Stored(UUID run) -> stored(run, out);
            case Next.Show(UUID run, var from) when from.filter(this::hasTheEnd).isPresent() -> order.ended();
            case Next.Show(UUID run, var from) -> {
                From start = from.<From>map(From.At::new).orElseGet(From::start);
                reader = tails.read(thread, run, Visibility.LIVE, start, signal);
            }
        }
        return Progress.MORE;
    }

    private boolean hasTheEnd(Cursor at) {
        return at.isEnd()
                && line.runs()
                        .flatMap(runs -> runs.find(at.run()))
                        .filter(r -> r.finished() && r.epoch() == at.epoch())
                        .isPresent();
    }

    private Progress read(Batch out) {
        var progress = read(reader.poll(), out);
        if (reader != null && reader.view().epoch() != epoch) {
            epoch = reader.view().epoch();
            line.hurry();
        }
        return progress;
    }

    private Progress read(Reading reading, Batch out) {
        switch (reading) {
            case Reading.Nothing() -> {
                return Progress.IDLE;
            }
            case Reading.Deleted() -> {
                return Progress.END;
            }
            case Reading.Records(var frames) -> {
                announcements.progress(reader.run(), frames.getLast().epoch(), out);
                frames.forEach(out::add);
            }
            case Reading.Rewound rewound -> out.add(Frames.rewind(reader.run(), rewound));
            case Reading.Ended(var terminal) -> end(terminal, out);
            case Reading.Vanished(var terminal) -> {
                out.add(Frames.snapshot(reader.run(), terminal, answers.of(reader.run())));
                end(terminal, out);
            }
        }
        return Progress.MORE;
    }

    /** A run that was cancelled before it was ever claimed has nothing to end. */
    private void end(Terminal terminal, Batch out) {
        var run = reader.run();
        close(reader);
        reader = null;
        order.ended();
        line.hurry();
        if (terminal.epoch() > 0) {
            announcements.ended(run);
            out.add(Frames.terminal(run, terminal));
        }
    }

    private void stored(UUID run, Batch out) {
        var terminal = answers.terminalOf(run).orElseThrow();
        if (!announcements.knows(run)) {
            answers.messageOf(run)
                    .ifPresent(m -> out.add(Frames.message(run, m, terminal.state(), OptionalInt.empty())));
        }
        out.add(Frames.snapshot(run, terminal, answers.of(run)));
        out.add(Frames.terminal(run, terminal));
        announcements.ended(run);
        order.ended();
    }

    private static String shown(Optional<Cursor> now) {
        return now.map(Cursor::toString).orElse("0");
    }

    @Override
    public void farewell(Batch out, Duration after) {
        out.add(Frames.reconnect(after));
    }

    @Override
    public void close() {
        close(reader);
        if (line != null) {
            line.leave(signal);
        }
    }

    private static void close(TailReader reader) {
        if (reader != null) {
            reader.close();
        }
    }
}
