package dev.continuo.attach;

import dev.continuo.run.Opening;
import dev.continuo.run.Snapshots.Above;
import dev.continuo.run.Truth;
import dev.continuo.testkit.ManyRuns;
import dev.continuo.thread.ThreadFilter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nothing grows with what is finished, nor a claim with what waits: each step, between 10,000 finished runs and 2,000 that are
 * READY, reads a handful of rows. PostgreSQL counts them while the step itself runs, so neither a scan of a whole table can
 * hide nor one of all rows behind an index. */
class CostOfFinishedIT {
    private static final int THREADS = 1_000;
    /** Of one table; the most is a page of threads, each with its last run. */
    private static final long ROWS = 150;
    /** Of runs that ended just now. */
    private static final int SEGMENTS = 1_000;

    private static final int READY = 2_000;

    private static final Truth truth = Truth.fresh();
    private static final ThreadsInPostgres followed = new ThreadsInPostgres(truth.jdbi, truth.progress);

    @BeforeAll
    static void a_while_ago() {
        ManyRuns.finished(truth.jdbi, truth.org, truth.ann.subject(), THREADS);
        truth.execute("""
                with late as (
                  update runs set finished_at = clock_timestamp() where run_id in (select run_id from runs limit 50) returning run_id)
                insert into run_segments (run_id, first_idx, last_idx, epoch, payload)
                select run_id, 2 * i - 1, 2 * i, 1, '' from late cross join generate_series(1, 20) i""");
        var other = UUID.randomUUID();
        truth.organisation(other);
        ManyRuns.ready(truth.jdbi, other, READY);
        ManyRuns.analyze(truth.jdbi);
    }

    @Test
    void a_message_is_accepted_claimed_answered_and_finished() {
        costsLittle("accept in a new thread", () -> truth.post(UUID.randomUUID().toString()));
        costsLittle("claim and answer", () -> {
            var claim = truth.claimOne(Truth.node("n"));
            truth.open(Opening.first(claim.fence(), "n"));
            truth.flushOne(Truth.opening(claim, "word"));
            truth.complete(claim.fence());
        });
        costsLittle("accept in an old thread", () -> truth.post(aThread().toString()));
    }

    @Test
    void orphans_are_looked_for() {
        costsLittle("reap", () -> truth.reap(Duration.ofMinutes(1)));
        costsLittle("reconcile", () -> truth.reconciles.rowsThatSayMe(Truth.node("n")));
    }

    @Test
    void a_stream_is_opened_and_followed() {
        UUID thread = aThread();
        UUID run = truth.one("select run_id from run_segments limit 1", UUID.class);
        costsLittle("snapshot of a run", () -> truth.snapshots.read(run, 0));
        costsLittle("snapshots of runs", () -> truth.snapshots.read(List.of(new Above(run, 0), new Above(run, 7))));
        costsLittle("snapshot of a thread", () -> followed.read(thread));
        costsLittle("snapshots of threads", () -> followed.readMany(Set.of(thread, UUID.randomUUID())));
        costsLittle("progress of runs", () -> truth.progress.of(List.of(run)));
        costsLittle("progress of threads", () -> truth.progress.ofThreads(List.of(thread)));
    }

    @Test
    void threads_messages_and_a_run_are_shown() {
        UUID thread = aThread();
        UUID run = truth.one("select run_id from runs where thread_id = '" + thread + "' and turn = 3", UUID.class);
        costsLittle("list of threads", () -> truth.threads.list(truth.ann, ThreadFilter.none(), Optional.empty(), 50));
        costsLittle("messages", () -> truth.messages.list(truth.ann, thread, Optional.empty(), 50));
        costsLittle("prompt", () -> truth.promptOf(thread, ManyRuns.PER_THREAD));
        costsLittle("a run", () -> truth.run(run));
    }

    @Test
    void chores_are_done() {
        costs(2 * READY, "stuck threads", truth.janitor::stuckThreads);
        costs(2 * SEGMENTS, "old segments", truth.janitor::deleteOldSegments);
    }

    private static UUID aThread() {
        return truth.one("""
                select thread_id from threads t where next_turn = 11
                  and not exists (select 1 from runs r where r.thread_id = t.thread_id and r.finished_at is null)
                limit 1""", UUID.class);
    }

    private static void costsLittle(String what, Runnable step) {
        costs(ROWS, what, step);
    }

    private static void costs(long atMost, String what, Runnable step) {
        RowsRead.atMost(atMost, truth, what, step);
    }
}
