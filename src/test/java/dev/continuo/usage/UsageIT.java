package dev.continuo.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.run.Attempts;
import dev.continuo.run.Truth;
import dev.continuo.thread.Reach;
import dev.continuo.thread.ThreadDeletion;
import dev.continuo.thread.TimeCursor;
import dev.continuo.thread.TitleJob;
import dev.continuo.thread.Titles;
import dev.continuo.thread.Viewer;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageIT {
    private final Truth truth = Truth.fresh();
    private final UsageRows usage = new UsageRows(truth.jdbi);
    private final Viewer bob = new Viewer(truth.org, "bob", Reach.OWN);
    private final Viewer elsewhere = new Viewer(UUID.randomUUID(), "boss", Reach.ORGANISATION);
    private final Viewer boss = new Viewer(truth.org, "boss", Reach.ORGANISATION);

    @Test
    void every_call_counts_and_every_run_once() {
        var run = asked("t", "2026-01-02");
        called(run, 1, "big", null);
        called(run, 2, "big", "{\"inputTokens\":10,\"outputTokens\":5,\"reasoningTokens\":2,\"cachedInputTokens\":4}");
        called(run, 3, "small", "{\"inputTokens\":7,\"outputTokens\":1}");
        var other = asked("t", "2026-01-03");
        called(other, 1, "big", "{\"inputTokens\":1,\"outputTokens\":1}");

        assertThat(rows(truth.ann))
                .containsExactly(
                        row("2026-01-02", "big", new Tokens(0, 2, 1, 10, 5, 2, 4)),
                        row("2026-01-02", "small", new Tokens(1, 1, 0, 7, 1, 0, 0)),
                        row("2026-01-03", "big", new Tokens(1, 1, 0, 1, 1, 0, 0)));
        assertThat(usage.ofThread(run.thread())).isEqualTo(rows(truth.ann));
        assertThat(usage.of(truth.ann, LocalDate.parse("2026-01-03"), LocalDate.parse("2026-01-03")))
                .hasSize(1);
    }

    @Test
    void members_see_their_own_and_admins_all_of_the_organisation() {
        called(asked("t", "2026-01-02"), 1, "big", "{\"inputTokens\":10,\"outputTokens\":5}");

        assertThat(rows(bob)).isEmpty();
        assertThat(rows(boss)).isEqualTo(rows(truth.ann)).hasSize(1);
        assertThat(rows(new Viewer(UUID.randomUUID(), "boss", Reach.ORGANISATION)))
                .isEmpty();
    }

    @Test
    void what_a_deleted_thread_used_stays_in_the_sums() {
        for (String thread : List.of("t", "u")) {
            var run = asked(thread, "2026-01-02");
            called(
                    run,
                    1,
                    "big",
                    "{\"inputTokens\":10,\"outputTokens\":5,\"reasoningTokens\":2,\"cachedInputTokens\":4}");
            called(run, 2, "big", null);
        }
        var before = rows(truth.ann);
        var deletion = new ThreadDeletion(truth.jdbi);

        for (String thread : List.of("t", "u")) {
            var id = truth.threads.find(truth.ann, thread).orElseThrow().id();
            truth.tx(() -> deletion.delete(truth.ann, id));
            assertThat(rows(truth.ann)).isEqualTo(before);
        }
        assertThat(truth.one("select count(*) from runs", int.class)).isZero();
        assertThat(rows(bob)).isEmpty();
        assertThat(truth.one("select count(*) from purges where due_at > clock_timestamp()", int.class))
                .isEqualTo(2);
    }

    @Test
    void a_title_is_counted_apart() {
        var run = asked("t", "2026-01-02");
        var titles = new Titles(truth.jdbi);
        var job = new TitleJob(run.thread(), truth.org, 1, run.run());
        truth.tx.run(() -> titles.used(job, "small", 10, 5, 0, 3));
        truth.tx.run(() -> titles.used(job, "small", 10, 5, 0, 3));
        truth.execute("update usage_beside set day = '2026-01-02'");

        assertThat(rows(truth.ann))
                .containsExactly(new UsageRow(
                        LocalDate.parse("2026-01-02"),
                        "small",
                        "default",
                        UsageRow.Kind.TITLE,
                        new Tokens(0, 2, 0, 20, 10, 0, 6)));
    }

    @Test
    void a_call_after_which_a_second_model_was_asked_counts_once_also_where_that_is_written_twice() {
        var attempts = new Attempts(truth.jdbi);
        var run = truth.post("t").run();
        var fence = truth.start(Truth.node("n")).fence();
        truth.tx(() -> attempts.begin(fence, 1, "first"));
        assertThat(truth.tx(() -> attempts.fellBack(fence, 1, "second"))).isTrue();
        assertThat(truth.tx(() -> attempts.fellBack(fence, 1, "second"))).isTrue();
        truth.tx(() -> attempts.stepFinished(fence, "{\"inputTokens\":3,\"outputTokens\":2}", "{}"));

        assertThat(attempts.of(run))
                .extracting(a -> a.model().orElseThrow() + " " + a.ending().orElseThrow())
                .containsExactly("first FAILED", "second ANSWERED");
        assertThat(usage.ofRun(run))
                .extracting(UsageRow::model, UsageRow::tokens)
                .containsExactly(
                        tuple("first", new Tokens(0, 1, 1, 0, 0, 0, 0)),
                        tuple("second", new Tokens(1, 1, 0, 3, 2, 0, 0)));
    }

    @Test
    void threads_are_listed_by_their_last_change_with_what_each_used() {
        for (String thread : List.of("t", "u", "v")) {
            called(asked(thread, "2026-01-02"), 1, thread, "{\"inputTokens\":1,\"outputTokens\":1}");
        }
        truth.execute("update threads set archived_at = clock_timestamp() where client_id = 'u'");
        var first = usage.byThread(boss, Optional.empty(), 2);
        assertThat(first.items()).extracting(ThreadUsage::shown).containsExactly("v", "u");
        assertThat(first.items()).extracting(ThreadUsage::creator).containsOnly("ann");
        assertThat(first.items().getFirst().rows())
                .isEqualTo(List.of(row("2026-01-02", "v", new Tokens(1, 1, 0, 1, 1, 0, 0))));
        var second = usage.byThread(boss, first.next().flatMap(TimeCursor::parse), 2);
        assertThat(second.items()).extracting(ThreadUsage::shown).containsExactly("t");
        assertThat(second.next()).isEmpty();
        assertThat(usage.byThread(bob, Optional.empty(), 2).items()).isEmpty();
        assertThat(usage.byThread(elsewhere, Optional.empty(), 2).items()).isEmpty();
    }

    @Test
    void what_a_page_of_threads_and_a_run_used_is_found_by_indexes_among_any_number_of_runs() {
        var run = truth.post("t");
        truth.execute("""
                insert into runs (run_id, thread_id, org_id, turn, message_id, state, finished_at, answer_id)
                select gen_random_uuid(), thread_id, org_id, 100 + n, gen_random_uuid(), 'COMPLETED', clock_timestamp(),
                  gen_random_uuid()
                from threads, generate_series(1, 20000) n where client_id = 't'""");
        truth.execute("""
                insert into run_attempts (run_id, epoch, step, attempt, node, model)
                select run_id, 1, 1, 1, 'n', 'big' from runs""");
        truth.execute("""
                insert into run_fallbacks (run_id, epoch, step, attempt, node, model, at)
                select run_id, 1, 1, 1, 'n', 'gone', clock_timestamp() from runs""");
        var other = truth.post("other");
        for (var table : List.of("threads", "runs", "run_attempts", "run_fallbacks")) {
            truth.execute("analyze " + table);
        }
        var threads = "thread_id = any(array[cast('" + other.thread() + "' as uuid)])";
        for (var condition : List.of(threads, "run_id = '" + run.run() + "'")) {
            List<String> plan = truth.jdbi.withHandle(
                    h -> h.createQuery("explain select model, sum(calls) from usage_of_runs where " + condition
                                    + " group by model")
                            .mapTo(String.class)
                            .list());
            assertThat(plan)
                    .as(condition)
                    .noneMatch(line -> line.contains("Seq Scan"))
                    .anyMatch(line -> line.contains("Index"));
        }
    }

    private Accepted asked(String thread, String day) {
        var accepted = truth.post(thread);
        truth.execute(
                "update runs set created_at = '" + day + " 23:59:59.999Z' where run_id = '" + accepted.run() + "'");
        return accepted;
    }

    private void called(Accepted run, int epoch, String model, String usageJson) {
        truth.execute(
                "insert into run_attempts (run_id, epoch, step, attempt, node, model, usage) values ('" + run.run()
                        + "', " + epoch + ", 1, 1, 'n', '" + model + "', "
                        + (usageJson == null ? "null" : "'" + usageJson + "'")
                        + ")");
    }

    private List<UsageRow> rows(Viewer viewer) {
        return usage.of(viewer, LocalDate.parse("2026-01-01"), LocalDate.parse("2026-01-31"));
    }

    private static UsageRow row(String day, String model, Tokens tokens) {
        return new UsageRow(LocalDate.parse(day), model, "default", UsageRow.Kind.ANSWER, tokens);
    }
}
