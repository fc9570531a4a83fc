package dev.continuo.attach;

import dev.continuo.run.RunState;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;

/** What one follower was told about the queue of its thread, so that it hears of changes only. */
final class Announcements {
    private static final String QUEUED = RunState.READY.apiName();
    private static final String RUNNING = RunState.RUNNING.apiName();
    private static final String PAUSED = RunState.PAUSED.apiName();

    private final Map<UUID, Said> said = new HashMap<>();
    private final Map<UUID, Long> progressed = new HashMap<>();

    private record Said(Asked message, String state, OptionalInt position, long epoch) {
        boolean claimed() {
            return epoch > 0;
        }

        /** What a paused run says under its epoch is its past: it goes on under another one. */
        boolean asksStill(long speaking) {
            return state.equals(PAUSED) && speaking <= epoch;
        }
    }

    boolean knows(UUID run) {
        return said.containsKey(run);
    }

    void add(ThreadRuns runs, Batch out) {
        for (var run : runs.unfinished()) {
            var state = state(run);
            var position = state.equals(QUEUED) ? runs.position(run) : OptionalInt.empty();
            var now = new Said(run.message().orElse(null), state, position, run.epoch());
            var before = said.put(run.id(), now);
            if (before == null || !Objects.equals(before.message(), now.message())) {
                run.message().ifPresent(m -> out.add(Frames.message(run.id(), m, now.state(), position)));
            } else if (!before.state().equals(now.state()) || !before.position().equals(position)) {
                out.add(Frames.state(run.id(), now.state(), position));
            }
        }
        said.entrySet().removeIf(e -> {
            boolean cancelledInQueue =
                    !e.getValue().claimed() && runs.find(e.getKey()).isEmpty();
            if (cancelledInQueue) {
                out.add(Frames.state(e.getKey(), "cancelled", OptionalInt.empty()));
            }
            return cancelledInQueue;
        });
    }

    /** A run that speaks runs, even where the queue says so a little later. */
    void progress(UUID run, long epoch, Batch out) {
        progressed.put(run, epoch);
        var known = said.get(run);
        if (known != null && !known.state().equals(RUNNING) && !known.asksStill(epoch)) {
            said.put(run, new Said(known.message(), RUNNING, OptionalInt.empty(), epoch));
            out.add(Frames.state(run, RUNNING, OptionalInt.empty()));
        }
    }

    void ended(UUID run) {
        said.remove(run);
        progressed.remove(run);
    }

    private String state(ThreadRuns.Run run) {
        long spoke = progressed.getOrDefault(run.id(), -1L);
        boolean speaks = spoke > run.epoch() || spoke == run.epoch() && run.state() == RunState.RUNNING;
        return speaks ? RUNNING : run.shownState();
    }
}
