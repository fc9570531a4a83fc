package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.node.NodeId;
import dev.continuo.run.Snapshots.Above;
import dev.continuo.run.ThreadProgress.Last;
import dev.continuo.run.ThreadProgress.Seat;
import dev.continuo.thread.Reach;
import dev.continuo.thread.Viewer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QueriesIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");

    @Test
    void a_threads_progress_names_the_seat_what_waits_and_the_last_claimed_end() {
        var first = truth.post("t");
        var second = truth.post("t");
        var third = truth.post("t");
        UUID thread = first.thread();
        assertThat(truth.progress.ofThreads(List.of(thread, UUID.randomUUID())))
                .containsExactly(new ThreadProgress(
                        thread,
                        Optional.of(new Seat(first.run(), 1, RunState.READY)),
                        Optional.empty(),
                        List.of(second.run(), third.run()),
                        4,
                        0));

        truth.complete(truth.start(node).fence());
        truth.cancel(second.run());
        var now = truth.progress.ofThreads(List.of(thread)).getFirst();

        assertThat(now)
                .isEqualTo(new ThreadProgress(
                        thread,
                        Optional.of(new Seat(third.run(), 3, RunState.READY)),
                        Optional.of(new Last(first.run(), 1, 1)),
                        List.of(),
                        4,
                        0));
        assertThat(now.last().orElseThrow().end()).hasToString(first.run() + ".1.end");
        assertThat(truth.runs.claimedAfter(thread, 0, 10))
                .extracting(RunQueries.Later::run)
                .containsExactly(first.run());
        assertThat(truth.runs.turnOf(thread, third.run())).contains(3L);
        assertThat(truth.runs.turnOf(UUID.randomUUID(), third.run())).isEmpty();
    }

    @Test
    void runs_of_a_thread_come_newest_first_and_page_by_page() {
        for (int i = 0; i < 5; i++) {
            truth.post("t");
        }
        UUID thread = truth.threads.find(truth.ann, "t").orElseThrow().id();

        var first = truth.runs.ofThread(truth.ann, thread, Optional.empty(), Optional.empty(), 2);
        var second = truth.runs.ofThread(truth.ann, thread, Optional.empty(), first.next(), 2);
        var third = truth.runs.ofThread(truth.ann, thread, Optional.empty(), second.next(), 2);

        assertThat(first.items()).extracting(RunView::turn).containsExactly(5L, 4L);
        assertThat(second.items()).extracting(RunView::turn).containsExactly(3L, 2L);
        assertThat(third.items()).extracting(RunView::turn).containsExactly(1L);
        assertThat(third.next()).isEmpty();
        assertThat(first.items()).extracting(RunView::position).containsExactly(4, 3);
        assertThat(truth.runs.unfinishedOf(truth.ann, thread))
                .extracting(RunView::turn)
                .containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void an_admin_lists_the_runs_of_the_organisation_and_nobody_those_of_another() {
        truth.post("a");
        truth.post("b");
        truth.start(node);
        var boss = new Viewer(truth.org, "boss", Reach.ORGANISATION);
        var bob = new Viewer(truth.org, "bob", Reach.OWN);
        var stranger = new Viewer(UUID.randomUUID(), "ann", Reach.ORGANISATION);

        assertThat(truth.runs
                        .ofOrganisation(boss, Optional.empty(), Optional.empty(), 10)
                        .items())
                .hasSize(2);
        assertThat(truth.runs
                        .ofOrganisation(boss, Optional.of("queued"), Optional.empty(), 10)
                        .items())
                .hasSize(1);
        var page = truth.runs.ofOrganisation(boss, Optional.empty(), Optional.empty(), 1);
        assertThat(truth.runs
                        .ofOrganisation(boss, Optional.empty(), page.next(), 1)
                        .items())
                .hasSize(1)
                .doesNotContainAnyElementsOf(page.items());
        assertThat(truth.runs
                        .ofOrganisation(bob, Optional.empty(), Optional.empty(), 10)
                        .items())
                .isEmpty();
        assertThat(truth.runs
                        .ofOrganisation(stranger, Optional.empty(), Optional.empty(), 10)
                        .items())
                .isEmpty();
        assertThat(truth.runs.find(bob, page.items().getFirst().id())).isEmpty();
    }

    @Test
    void a_snapshot_of_nothing_is_empty_and_of_a_queued_run_says_so() {
        assertThat(truth.snapshots.read(UUID.randomUUID(), 0)).isEmpty();
        var accepted = truth.post("t");
        assertThat(truth.snapshots.read(accepted.run(), 0).orElseThrow()).satisfies(s -> {
            assertThat(s.queued()).isTrue();
            assertThat(s.openedEpoch()).isZero();
            assertThat(s.thread()).isEqualTo(accepted.thread());
            assertThat(s.terminal()).isEmpty();
            assertThat(s.segmentsKept()).isTrue();
        });
    }

    @Test
    void snapshots_of_many_runs_are_as_each_is_alone() {
        var finished = truth.say("t", "m1", "one?", "first");
        var running = truth.post("u");
        var claim = truth.start(node);
        truth.flushOne(Truth.words(claim.fence(), 1, "a", "b"));
        truth.flushOne(Truth.words(claim.fence(), 3, "c"));
        var queued = truth.post("v");
        var asked = List.of(
                new Above(running.run(), 2),
                new Above(UUID.randomUUID(), 0),
                new Above(finished.run(), 0),
                new Above(running.run(), 0),
                new Above(queued.run(), 0),
                new Above(running.run(), 3));

        var found = truth.snapshots.read(asked);

        assertThat(found).containsOnlyKeys(asked);
        found.forEach((a, snapshot) ->
                assertThat(snapshot).usingRecursiveComparison().isEqualTo(truth.snapshots.read(a.run(), a.idx())));
        assertThat(found.get(asked.getFirst()).orElseThrow().segments()).hasSize(1);
        assertThat(found.get(asked.get(3)).orElseThrow().segments()).hasSize(2);
        assertThat(found.get(asked.getLast()).orElseThrow().segments()).isEmpty();
    }
}
