package dev.continuo.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.intake.Acceptance.Conflict;
import dev.continuo.intake.Acceptance.UnknownMessage;
import dev.continuo.run.Claim;
import dev.continuo.run.Race;
import dev.continuo.run.RunState;
import dev.continuo.run.Truth;
import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A thread whose runs are a tree: each branch is a conversation of its own, and one of them is the active one. */
class BranchIT {
    private final Truth truth = Truth.fresh();

    @Test
    void another_answer_takes_the_place_of_the_first_which_stays_readable() {
        var first = truth.say("t", "m1", "one?", "first");
        var second = truth.say("t", "m2", "two?", "wrong");

        var again =
                (Accepted) truth.regenerate("t", OnBusy.ENQUEUE, second.answer().toString());

        assertThat(again)
                .returns(RunState.READY, Accepted::state)
                .returns(second.message(), Accepted::message)
                .returns("m2", Accepted::messageShown);
        assertThat(prompt(again)).containsExactly("one?", "first", "two?");
        truth.answered(again, "right");
        assertThat(history()).containsExactly("one?", "first", "two?", "right");
        assertThat(branch(second.answer().toString())).containsExactly("one?", "first", "two?", "wrong");
        assertThat(truth.messages.forks(first.thread()))
                .extracting(Messages.Fork::answer)
                .containsExactly(Optional.of(second.answer()), Optional.of(again.answer()));
        var third = (Accepted) truth.send(truth.message("t", "m3", "three?"));
        assertThat(prompt(third)).containsExactly("one?", "first", "two?", "right", "three?");
    }

    @Test
    void an_answer_is_replaced_once_however_often_that_is_asked_for() {
        var said = truth.say("t", "m1", "one?", "wrong");

        var wishes = Race.of(6, () ->
                (Accepted) truth.regenerate("t", OnBusy.ENQUEUE, said.answer().toString()));

        assertThat(wishes)
                .extracting(Accepted::run)
                .containsOnly(wishes.getFirst().run());
        assertThat(wishes).filteredOn(a -> a.again() == Again.FIRST).hasSize(1);
        assertThat(truth.one("select count(*) from runs", int.class)).isEqualTo(2);
        truth.answered(wishes.getFirst(), "right");
        assertThat(((Accepted) truth.regenerate(
                                "t", OnBusy.ENQUEUE, said.answer().toString()))
                        .run())
                .isEqualTo(wishes.getFirst().run());
        var next = (Accepted)
                truth.regenerate("t", OnBusy.ENQUEUE, wishes.getFirst().answer().toString());
        assertThat(next.again()).isEqualTo(Again.FIRST);
    }

    @Test
    void who_names_the_message_means_its_newest_answer_and_repeats_while_there_is_none() {
        var said = truth.say("t", "m1", "one?", "wrong");
        var again = (Accepted) truth.regenerate("t", OnBusy.ENQUEUE, "made by the client", "m1");

        assertThat(((Accepted) truth.regenerate("t", OnBusy.ENQUEUE, "m1")))
                .returns(again.run(), Accepted::run)
                .returns(Again.REPEATED, Accepted::again);
        truth.answered(again, "wrong, too");
        var third = (Accepted) truth.regenerate("t", OnBusy.ENQUEUE, "m1");
        truth.answered(third, "right");

        assertThat(history()).containsExactly("one?", "right");
        assertThat(truth.messages.forks(said.thread())).hasSize(3);
    }

    @Test
    void an_answer_that_failed_before_a_word_can_be_asked_for_again() {
        truth.send(truth.message("t", "m1", "one?"));
        Claim claim = truth.start(Truth.node("n"));
        truth.finish(claim.fence(), dev.continuo.run.Outcome.failed("provider_error", "no", Optional.empty()));

        var again = (Accepted)
                truth.regenerate("t", OnBusy.ENQUEUE, claim.answerId().toString());
        truth.answered(again, "right");

        assertThat(history()).containsExactly("one?", "right");
    }

    @Test
    void other_words_in_place_of_a_message_are_a_branch_beside_it() {
        truth.say("t", "m1", "one?", "first");
        var second = truth.say("t", "m2", "tow?", "what?");
        truth.say("t", "m3", "three?", "third");

        var edited = (Accepted) truth.send("t", "m2b", "two?", new Branch.Instead("m2"));
        assertThat(prompt(edited)).containsExactly("one?", "first", "two?");
        truth.answered(edited, "second");

        assertThat(history()).containsExactly("one?", "first", "two?", "second");
        assertThat(branch("m2")).containsExactly("one?", "first", "tow?", "what?", "three?", "third");
        assertThat(truth.messages.forks(second.thread()))
                .extracting(Messages.Fork::messageShown)
                .containsExactly("m2", "m2b");
        assertThat(truth.send("t", "m2b", "two?", new Branch.Instead("m2")))
                .isInstanceOfSatisfying(Accepted.class, a -> assertThat(a.run()).isEqualTo(edited.run()));
        assertThat(truth.send("t", "m2b", "2?", new Branch.Instead("m2")))
                .isEqualTo(new Conflict(edited.message(), edited.run()));
    }

    @Test
    void the_first_message_has_other_words_and_an_old_branch_goes_on() {
        var first = truth.say("t", "m1", "oen?", "what?");
        truth.answered((Accepted) truth.send("t", "m1b", "one?", new Branch.Instead("m1")), "first");
        assertThat(history()).containsExactly("one?", "first");

        truth.answered(
                (Accepted) truth.send(
                        "t",
                        "m2",
                        "I meant one",
                        new Branch.After(first.answer().toString())),
                "ah");

        assertThat(history()).containsExactly("oen?", "what?", "I meant one", "ah");
        assertThat(branch("m1b")).containsExactly("one?", "first");
    }

    @Test
    void a_chat_client_edits_under_the_same_id() {
        var old = truth.say("t", "m1", "oen?", "what?");

        var edited = (Accepted) truth.send("t", "m1", "one?", new Branch.Rewriting());

        assertThat(edited).returns("m1", Accepted::messageShown).returns(Again.FIRST, Accepted::again);
        assertThat(edited.message()).isNotEqualTo(old.message());
        assertThat(((Accepted) truth.send("t", "m1", "one?", new Branch.Rewriting())))
                .returns(edited.run(), Accepted::run)
                .returns(Again.REPEATED, Accepted::again);
        truth.answered(edited, "first");
        assertThat(history()).containsExactly("one?", "first");
        assertThat(branch(old.message().toString())).containsExactly("oen?", "what?");
    }

    @Test
    void a_chat_client_that_edits_what_waits_changes_it_in_its_place() {
        truth.post("t");
        var waits = (Accepted) truth.send(truth.message("t", "m2", "tow?"));

        var edited = (Accepted) truth.send("t", "m2", "two?", new Branch.Rewriting());

        assertThat(edited)
                .returns(waits.run(), Accepted::run)
                .returns(waits.message(), Accepted::message)
                .returns(Again.REWRITTEN, Accepted::again);
        assertThat(prompt(edited)).endsWith("two?");
    }

    @Test
    void a_queue_over_branches_gives_each_run_the_words_of_its_own_branch() {
        truth.say("t", "m1", "one?", "first");
        var second = truth.say("t", "m2", "two?", "second");
        var third = (Accepted) truth.send(truth.message("t", "m3", "three?"));
        var again =
                (Accepted) truth.regenerate("t", OnBusy.ENQUEUE, second.answer().toString());
        var fourth = (Accepted) truth.send(truth.message("t", "m4", "four?"));

        truth.answered(third, "third");
        truth.answered(again, "another second");

        assertThat(prompt(third)).containsExactly("one?", "first", "two?", "second", "three?");
        assertThat(prompt(again)).containsExactly("one?", "first", "two?");
        assertThat(prompt(fourth)).containsExactly("one?", "first", "two?", "another second", "four?");
    }

    @Test
    void what_waits_goes_on_from_the_message_that_interrupted() {
        truth.send(truth.message("t", "m1", "one?"));
        Claim claim = truth.start(Truth.node("n"));
        truth.flushOne(Truth.opening(claim, "half"));
        var gone = (Accepted) truth.send(truth.message("t", "m2", "two?"));
        var waits = (Accepted) truth.send(truth.message("t", "m3", "three?"));
        truth.cancel(gone.run());
        var urgent = interrupt("m4", "four?");
        var more = interrupt("m5", "five?");
        truth.complete(claim.fence());

        truth.answered(more, "fifth");
        truth.answered(urgent, "fourth");
        truth.answered(waits, "third");

        assertThat(prompt(more)).containsExactly("one?", "half", "five?");
        assertThat(prompt(urgent)).containsExactly("one?", "half", "five?", "fifth", "four?");
        assertThat(history()).containsExactly("one?", "half", "five?", "fifth", "four?", "fourth", "three?", "third");
        assertThat(pages()).isEqualTo(history());
    }

    @Test
    void what_is_not_there_cannot_be_branched_from() {
        var said = truth.say("t", "m1", "one?", "first");
        truth.say("other", "o1", "one?", "first");

        assertThat(truth.regenerate("t", OnBusy.ENQUEUE, "o1")).isEqualTo(new UnknownMessage("o1"));
        assertThat(truth.send("t", "m2", "x", new Branch.After("o1"))).isEqualTo(new UnknownMessage("o1"));
        assertThat(truth.send("t", "m2", "x", new Branch.Instead(said.answer().toString())))
                .as("an answer is not said in other words")
                .isInstanceOf(UnknownMessage.class);
        assertThat(truth.regenerate("nothing", OnBusy.ENQUEUE, "m1")).isEqualTo(new Acceptance.UnknownThread());
        assertThat(truth.send("nothing", "m2", "x", new Branch.Instead("m1")))
                .isEqualTo(new Acceptance.UnknownThread());
        assertThat(truth.one("select count(*) from runs", int.class)).isEqualTo(2);
        assertThat(truth.one("select count(*) from threads", int.class)).isEqualTo(2);
    }

    private Accepted interrupt(String key, String text) {
        return (Accepted) truth.send(new SentMessage(
                truth.org,
                "ann",
                Optional.of("t"),
                Optional.of(key),
                "user",
                Truth.text(text),
                Optional.empty(),
                dev.continuo.run.RunOptions.none(),
                OnBusy.INTERRUPT));
    }

    private java.util.UUID thread() {
        return truth.threads.find(truth.ann, "t").orElseThrow().id();
    }

    private List<String> prompt(Accepted run) {
        return texts(truth.promptOf(run.thread(), truth.run(run.run()).turn()).stream());
    }

    private List<String> history() {
        return texts(truth.messages.list(truth.ann, thread(), Optional.empty(), 100).items().stream());
    }

    private List<String> branch(String through) {
        var leaf = truth.messages.leafThrough(thread(), through);
        assertThat(leaf).isPresent();
        return texts(truth.messages.list(truth.ann, thread(), leaf, Optional.empty(), 100).items().stream());
    }

    /** The same, three at a time. */
    private List<String> pages() {
        var all = new java.util.ArrayList<StoredMessage>();
        Optional<String> before = Optional.empty();
        do {
            var page = truth.messages.list(truth.ann, thread(), before, 3);
            all.addAll(0, page.items());
            before = page.next();
        } while (before.isPresent());
        return texts(all.stream());
    }

    private static List<String> texts(Stream<StoredMessage> messages) {
        return messages.map(m -> text(m.parts())).toList();
    }

    private static String text(JsonNode parts) {
        return String.join("", parts.findValuesAsText("text"));
    }
}
