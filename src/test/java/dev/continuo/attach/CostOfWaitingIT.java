package dev.continuo.attach;

import dev.continuo.run.Truth;
import dev.continuo.testkit.ManyRuns;
import dev.continuo.thread.ThreadFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A queue that grew since PostgreSQL last looked costs whoever comes next no more than an empty one. */
class CostOfWaitingIT {
    private static final int READY = 2_000;
    private static final long ROWS = 150;

    private static final Truth truth = Truth.fresh();
    private static final ThreadsInPostgres followed = new ThreadsInPostgres(truth.jdbi, truth.progress);

    @BeforeAll
    static void a_busy_minute() {
        ManyRuns.finished(truth.jdbi, truth.org, truth.ann.subject(), 200);
        ManyRuns.analyze(truth.jdbi);
        var other = UUID.randomUUID();
        truth.organisation(other);
        ManyRuns.ready(truth.jdbi, other, READY);
    }

    @Test
    void a_message_is_accepted() {
        var busy = UUID.randomUUID().toString();
        costsLittle("accept in a new thread", () -> truth.post(UUID.randomUUID().toString()));
        costsLittle("accept in a busy thread", () -> truth.post(busy));
    }

    @Test
    void a_stream_is_opened_and_followed() {
        UUID thread = truth.one("select thread_id from runs where state = 'READY' limit 1", UUID.class);
        costsLittle("snapshot of a thread", () -> followed.read(thread));
        costsLittle("snapshots of threads", () -> followed.readMany(Set.of(thread, UUID.randomUUID())));
        costsLittle("progress of threads", () -> truth.progress.ofThreads(List.of(thread)));
    }

    @Test
    void threads_are_shown_and_a_run_ends() {
        costsLittle("list of threads", () -> truth.threads.list(truth.ann, ThreadFilter.none(), Optional.empty(), 50));
        var own = truth.post(UUID.randomUUID().toString());
        costsLittle("a run", () -> truth.run(own.run()));
        costsLittle("claim", () -> truth.claimOne(Truth.node("n")));
        costsLittle(
                "cancel",
                () -> truth.cancel(truth.post(UUID.randomUUID().toString()).run()));
        costsLittle("finish", () -> {
            truth.post(UUID.randomUUID().toString());
            var claim = truth.claimOne(Truth.node("n"));
            truth.complete(claim.fence());
        });
    }

    private static void costsLittle(String what, Runnable step) {
        RowsRead.atMost(ROWS, truth, what, step);
    }
}
