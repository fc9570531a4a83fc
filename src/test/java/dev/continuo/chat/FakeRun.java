package dev.continuo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.continuo.attach.Frame;
import dev.continuo.attach.Reading;
import dev.continuo.attach.Signal;
import dev.continuo.log.Cursor;
import dev.continuo.log.EpochBase;
import dev.continuo.log.Terminal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.UUID;

/** A run whose log the test writes; its readers see rewinds as those of a real tail do. */
final class FakeRun implements RunReadings.Source {
    static final UUID RUN = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    static final UUID ANSWER = UUID.fromString("00000000-0000-4000-8000-0000000000aa");
    static final UUID MESSAGE = UUID.fromString("00000000-0000-4000-8000-0000000000bb");

    private final List<Frame> log = new ArrayList<>();
    private final List<EpochBase> bases = new ArrayList<>();
    private final List<FakeReader> readers = new ArrayList<>();
    private long epoch = 1;
    private boolean ready = true;
    private Optional<Terminal> terminal = Optional.empty();
    private boolean vanished;
    private boolean paused;

    FakeRun says(String... chunks) {
        for (var chunk : chunks) {
            int idx = log.size() + 1;
            byte[] start = ("id: " + new Cursor(RUN, epoch, idx) + "\ndata: ").getBytes(UTF_8);
            byte[] page = (new String(start, UTF_8) + chunk + "\n\n").getBytes(UTF_8);
            log.add(new Frame(idx, epoch, page, 0, page.length, start.length));
        }
        return this;
    }

    FakeRun forksAt(int base) {
        int voided = log.size();
        log.subList(base, log.size()).clear();
        epoch++;
        bases.add(new EpochBase(
                epoch,
                base,
                Optional.empty(),
                voided > base ? OptionalInt.of(voided) : OptionalInt.empty(),
                false,
                "fork"));
        readers.forEach(r -> r.rewind(base));
        return this;
    }

    FakeRun ends(String state) {
        terminal = Optional.of(new Terminal(
                state,
                log.isEmpty() ? 0 : epoch,
                log.size(),
                Optional.empty(),
                Optional.empty(),
                MESSAGE,
                Optional.of(ANSWER),
                Optional.empty()));
        return this;
    }

    FakeRun waitsForPeople() {
        paused = true;
        return this;
    }

    FakeRun isNotReadYet() {
        ready = false;
        return this;
    }

    FakeRun isReady() {
        ready = true;
        return this;
    }

    FakeRun losesItsRecords() {
        vanished = true;
        return this;
    }

    @Override
    public RunReadings after(int idx, Signal signal) {
        var reader = new FakeReader(idx);
        readers.add(reader);
        return reader;
    }

    long open() {
        return readers.stream().filter(r -> !r.closed).count();
    }

    private final class FakeReader implements RunReadings {
        private final Queue<Reading> rewinds = new ArrayDeque<>();
        private int idx;
        private boolean closed;

        private FakeReader(int idx) {
            this.idx = idx;
        }

        private void rewind(int to) {
            if (!closed && idx > to) {
                idx = to;
                rewinds.add(new Reading.Rewound(to, epoch, "fork"));
            }
        }

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public boolean paused() {
            return paused;
        }

        @Override
        public Reading poll() {
            if (!ready) {
                return new Reading.Nothing();
            }
            if (!rewinds.isEmpty()) {
                return rewinds.poll();
            }
            if (vanished) {
                return new Reading.Vanished(terminal.orElseThrow());
            }
            if (idx < log.size()) {
                var frames = List.copyOf(log.subList(idx, log.size()));
                idx = log.size();
                return new Reading.Records(frames);
            }
            return terminal.<Reading>map(Reading.Ended::new).orElseGet(Reading.Nothing::new);
        }

        @Override
        public Cursor cursor() {
            return new Cursor(RUN, epoch, Math.max(0, idx));
        }

        @Override
        public List<EpochBase> bases() {
            return List.copyOf(bases);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
