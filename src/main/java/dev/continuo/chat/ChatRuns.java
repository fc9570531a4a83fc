package dev.continuo.chat;

import dev.continuo.run.RunQueries;
import dev.continuo.run.RunView;
import dev.continuo.thread.Threads;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Ids;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Which run a chat client means, which knows only its chat. */
@Singleton
final class ChatRuns {
    /** A client that was away for a moment still gets the answer as a stream. */
    private static final Duration STILL_FRESH = Duration.ofSeconds(30);

    private final Threads threads;
    private final RunQueries runs;
    private final Clock clock;

    @Inject
    ChatRuns(Threads threads, RunQueries runs, Clock clock) {
        this.threads = threads;
        this.runs = runs;
        this.clock = clock;
    }

    /** By the run's own id, finished or not. */
    Optional<RunView> named(Viewer viewer, String id) {
        return Ids.ours(id).flatMap(run -> runs.find(viewer, run));
    }

    /** The run that a client which comes back to this thread should see; empty where there is nothing to wait for. */
    Optional<RunView> toResume(Viewer viewer, String threadId) {
        return threads.find(viewer, Ids.checked(threadId)).flatMap(t -> active(viewer, t.id())
                .or(() -> newest(viewer, t.id()).filter(this::isFresh)));
    }

    /** The run at work in this thread, else the next one. */
    Optional<RunView> active(Viewer viewer, String threadId) {
        return threads.find(viewer, Ids.checked(threadId)).flatMap(t -> active(viewer, t.id()));
    }

    private Optional<RunView> active(Viewer viewer, UUID thread) {
        return runs.unfinishedOf(viewer, thread).stream().findFirst();
    }

    private Optional<RunView> newest(Viewer viewer, UUID thread) {
        return runs.ofThread(viewer, thread, Optional.empty(), Optional.empty(), 1).items().stream()
                .findFirst();
    }

    private boolean isFresh(RunView run) {
        return run.finishedAt()
                .filter(at -> at.isAfter(clock.instant().minus(STILL_FRESH)))
                .isPresent();
    }
}
