package dev.continuo.attach;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.Known;
import dev.continuo.log.RunSnapshot;
import dev.continuo.log.Terminal;
import dev.continuo.run.RunState;
import dev.continuo.run.ThreadProgress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A thread and its runs in PostgreSQL. */
final class FakeThread implements StoredThreads, StoredRuns, Answers {
    final UUID id = UUID.randomUUID();
    private final FakeLive live;
    private final List<Turn> turns = new ArrayList<>();
    private long changes;
    private boolean away;
    private int turnedAway;

    private static final class Turn {
        final FakeRun run;
        final long turn;
        RunState state;
        boolean again;

        Turn(FakeRun run, long turn, RunState state) {
            this.run = run;
            this.turn = turn;
            this.state = state;
        }
    }

    FakeThread(FakeLive live) {
        this.live = live;
    }

    /** Whether PostgreSQL answers who asks for the runs. */
    synchronized void isAway(boolean gone) {
        away = gone;
    }

    synchronized int turnedAway() {
        return turnedAway;
    }

    /** Accepted: queued behind what is there. */
    synchronized FakeRun accepts() {
        var run = new FakeRun(live, new UUID(7, turns.size() + 1));
        boolean busy = turns.stream().anyMatch(t -> !t.state.isTerminal());
        turns.add(new Turn(run, turns.size() + 1, busy ? RunState.WAITING : RunState.READY));
        changes++;
        return run;
    }

    synchronized void is(FakeRun run, RunState state) {
        var turn = turn(run.id);
        turn.state = state;
        changes++;
        if (state.isTerminal()) {
            turns.stream()
                    .filter(t -> t.state == RunState.WAITING)
                    .findFirst()
                    .ifPresent(t -> t.state = RunState.READY);
        }
    }

    synchronized void isTriedAgain(FakeRun run) {
        turn(run.id).again = true;
        changes++;
    }

    synchronized void claims(FakeRun run) {
        is(run, RunState.RUNNING);
        run.opens(0);
        run.marks();
    }

    synchronized void completes(FakeRun run) {
        run.finishes();
        is(run, RunState.COMPLETED);
    }

    /** A run from its acceptance to its end. */
    FakeRun completes(String... texts) {
        var run = accepts();
        claims(run);
        run.says(texts);
        completes(run);
        return run;
    }

    private Turn turn(UUID run) {
        return turns.stream().filter(t -> t.run.id.equals(run)).findFirst().orElseThrow();
    }

    @Override
    public synchronized ThreadRuns read(UUID thread) {
        if (away) {
            turnedAway++;
            throw new IllegalStateException("PostgreSQL is away");
        }
        var runs = turns.stream()
                .map(t -> new ThreadRuns.Run(
                        t.run.id,
                        t.turn,
                        t.state,
                        t.run.isOpened() ? t.run.epoch() : 0,
                        t.again,
                        t.state.isTerminal() ? Optional.empty() : messageOf(t.run.id)))
                .filter(r -> r.epoch() > 0 || !r.finished())
                .toList();
        return new ThreadRuns(
                id, Optional.of(mark()), runs.subList(Math.max(0, runs.size() - ThreadRuns.NEWEST), runs.size()));
    }

    @Override
    public synchronized Map<UUID, ThreadProgress> marks(Collection<UUID> threads) {
        return Map.of(id, mark());
    }

    private ThreadProgress mark() {
        return new ThreadProgress(id, Optional.empty(), Optional.empty(), List.of(), changes, 0);
    }

    @Override
    public synchronized Optional<RunSnapshot> snapshot(UUID run, int aboveIdx) {
        return turn(run).run.snapshot(run, aboveIdx);
    }

    @Override
    public synchronized Map<UUID, Known> known(Collection<UUID> runs) {
        var known = new HashMap<UUID, Known>();
        turns.forEach(t -> known.putAll(t.run.known(runs)));
        return known;
    }

    @Override
    public Optional<JsonNode> of(UUID run) {
        return Optional.of(JsonNodeFactory.instance.objectNode().put("answer", run.getLeastSignificantBits()));
    }

    @Override
    public Optional<Asked> messageOf(UUID run) {
        return Optional.of(new Asked(
                JsonNodeFactory.instance.objectNode().put("question", run.getLeastSignificantBits()),
                Optional.empty()));
    }

    @Override
    public Optional<Terminal> terminalOf(UUID run) {
        return snapshot(run, 0).flatMap(RunSnapshot::terminal);
    }
}
