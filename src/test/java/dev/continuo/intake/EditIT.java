package dev.continuo.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.intake.Acceptance.Conflict;
import dev.continuo.run.Race;
import dev.continuo.run.Truth;
import dev.continuo.thread.Reach;
import dev.continuo.thread.StoredMessage;
import dev.continuo.thread.Viewer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EditIT {
    private final Truth truth = Truth.fresh();

    @Test
    void a_waiting_message_says_what_it_was_changed_to_and_keeps_its_place_and_its_ids() {
        truth.post("t");
        var waits = (Accepted) truth.send(truth.message("t", "m", "teh question"));
        truth.post("t");

        var changed = (Edited.Changed) truth.edit(truth.ann, "t", "m", "the question");

        assertThat(changed.message())
                .returns(waits.message(), StoredMessage::id)
                .returns("m", StoredMessage::shownId)
                .returns(Truth.text("the question"), StoredMessage::parts);
        var run = truth.run(waits.run());
        assertThat(run.position()).isEqualTo(1);
        assertThat(truth.promptOf(waits.thread(), run.turn()).getLast().parts()).isEqualTo(Truth.text("the question"));
    }

    @Test
    void a_repeat_is_recognised_by_the_new_words() {
        truth.post("t");
        var waits = (Accepted) truth.send(truth.message("t", "m", "old"));
        truth.edit(truth.ann, "t", "m", "new");

        assertThat(truth.send(truth.message("t", "m", "new"))).isInstanceOfSatisfying(Accepted.class, a -> assertThat(a)
                .returns(waits.run(), Accepted::run)
                .returns(Again.REPEATED, Accepted::again));
        assertThat(truth.send(truth.message("t", "m", "old"))).isEqualTo(new Conflict(waits.message(), waits.run()));
    }

    @Test
    void what_has_the_seat_may_be_changed_until_it_is_claimed_and_not_after() {
        var first = (Accepted) truth.send(truth.message("t", "m", "old"));
        assertThat(truth.edit(truth.ann, "t", "m", "new")).isInstanceOf(Edited.Changed.class);

        var claim = truth.start(Truth.node("n"));
        assertThat(truth.edit(truth.ann, "t", "m", "newer")).isEqualTo(new Edited.AlreadyStarted(first.run()));
        truth.complete(claim.fence());
        assertThat(truth.edit(truth.ann, "t", "m", "newer")).isEqualTo(new Edited.AlreadyStarted(first.run()));
        assertThat(truth.messages.ofRun(first.run()).getFirst().parts()).isEqualTo(Truth.text("new"));
    }

    @Test
    void what_was_removed_stays_as_it_was() {
        truth.post("t");
        var removed = (Accepted) truth.send(truth.message("t", "m", "old"));
        truth.cancel(removed.run());

        assertThat(truth.edit(truth.ann, "t", "m", "new")).isEqualTo(new Edited.AlreadyStarted(removed.run()));
    }

    @Test
    void nobody_changes_what_others_or_models_said() {
        var first = (Accepted) truth.send(truth.message("t", "m", "mine"));
        var claim = truth.start(Truth.node("n"));
        truth.flushOne(Truth.opening(claim, "an answer"));
        truth.complete(claim.fence());
        truth.post("t");
        var bob = new Viewer(truth.org, "bob", Reach.OWN);
        var elsewhere = new Viewer(java.util.UUID.randomUUID(), "ann", Reach.ORGANISATION);

        assertThat(List.of(
                        truth.edit(bob, "t", "m", "theirs"),
                        truth.edit(elsewhere, "t", "m", "theirs"),
                        truth.edit(truth.ann, "t", first.answer().toString(), "an answer of my own"),
                        truth.edit(truth.ann, "t", "no such message", "x"),
                        truth.edit(truth.ann, "no such thread", "m", "x")))
                .containsOnly(new Edited.UnknownMessage());
    }

    @Test
    void those_who_watch_the_queue_can_tell_that_it_changed() {
        var first = truth.post("t");
        truth.send(truth.message("t", "m", "old"));
        var before = truth.progress.ofThreads(List.of(first.thread()));

        truth.edit(truth.ann, "t", "m", "new");

        assertThat(truth.progress.ofThreads(List.of(first.thread()))).isNotEqualTo(before);
    }

    @Test
    void a_claim_and_a_change_at_once_never_answer_other_words_than_those_that_are_stored() {
        for (int round = 0; round < 20; round++) {
            String thread = "t" + round;
            var sent = (Accepted) truth.send(truth.message(thread, "m", "old"));
            var who = new AtomicInteger();
            var node = Truth.node("n");

            var results = Race.of(
                    2,
                    () -> who.getAndIncrement() == 0
                            ? truth.edit(truth.ann, thread, "m", "new").toString()
                            : truth.claim(node, 1).stream()
                                    .map(c -> truth.promptOf(sent.thread(), c.turn())
                                            .getLast()
                                            .parts()
                                            .toString())
                                    .findFirst()
                                    .orElse("skipped"));

            if (results.contains("skipped")) {
                truth.claim(node, 1);
            }
            String stored = truth.messages.ofRun(sent.run()).getFirst().parts().toString();
            boolean changed = results.stream().anyMatch(r -> r.startsWith("Changed"));
            assertThat(stored).contains(changed ? "new" : "old");
            assertThat(results).filteredOn(r -> r.startsWith("[")).allSatisfy(asked -> assertThat(asked)
                    .isEqualTo(stored));
        }
    }
}
