package dev.continuo.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.run.Outcome;
import dev.continuo.run.Race;
import dev.continuo.run.Truth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TitlesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Truth truth = Truth.fresh();
    private final Titles titles = new Titles(truth.jdbi);

    @Test
    void the_first_complete_answer_asks_for_a_title_and_no_other_does() {
        truth.send(truth.message("t", "m1", "How long does tea steep?"));
        assertThat(take()).isEmpty();
        truth.finish(truth.start(Truth.node("n")).fence(), Outcome.failed("x", "y", Optional.empty()));
        assertThat(take()).as("nothing was answered yet").isEmpty();

        var answered = truth.say("t", "m2", "Once more?", "Three minutes.");
        var jobs = take();
        truth.say("t", "m3", "Thanks.", "Welcome.");

        assertThat(jobs).containsExactly(new TitleJob(answered.thread(), truth.org, 1, answered.run()));
        assertThat(take()).isEmpty();
        assertThat(store(jobs.getFirst(), "Steeping tea")).isTrue();
        truth.say("t", "m4", "More.", "More.");
        assertThat(take()).isEmpty();
        assertThat(title()).isEqualTo("Steeping tea");
    }

    @Test
    void a_title_is_taken_by_one_and_stored_once() {
        truth.say("t", "m1", "one?", "first");

        var taken = Race.of(6, this::take).stream().flatMap(List::stream).toList();

        assertThat(taken).hasSize(1);
        assertThat(store(taken.getFirst(), "First")).isTrue();
        assertThat(store(taken.getFirst(), "Second")).isFalse();
        assertThat(title()).isEqualTo("First");
    }

    @Test
    void whoever_dies_over_it_leaves_it_to_the_next_and_comes_too_late_if_not_dead() {
        truth.say("t", "m1", "one?", "first");
        var dead = take().getFirst();
        assertThat(take()).isEmpty();
        timePasses();

        var next = take().getFirst();

        assertThat(next.attempt()).isEqualTo(2);
        assertThat(store(dead, "By a zombie")).isFalse();
        truth.tx.run(() -> titles.failed(dead, Duration.ZERO));
        assertThat(take()).as("a zombie's failure is nobody's").isEmpty();
        assertThat(store(next, "By the living")).isTrue();
        assertThat(title()).isEqualTo("By the living");
    }

    @Test
    void after_three_failures_the_beginning_of_the_message_stays() {
        truth.say("t", "m1", "one?", "first");
        for (int i = 1; i <= 3; i++) {
            var job = take().getFirst();
            assertThat(job.attempt()).isEqualTo(i);
            truth.tx.run(() -> titles.failed(job, Duration.ZERO));
        }
        assertThat(take()).isEmpty();
        timePasses();
        assertThat(take()).isEmpty();
        assertThat(title()).isEqualTo("one?");
    }

    @Test
    void three_deaths_are_enough_too() {
        truth.say("t", "m1", "one?", "first");
        for (int i = 0; i < 3; i++) {
            assertThat(take()).hasSize(1);
            timePasses();
        }
        assertThat(take()).isEmpty();
        assertThat(truth.one("select count(*) from threads where title_due is not null", int.class))
                .isZero();
    }

    @Test
    void a_persons_title_is_never_replaced() {
        var thread = truth.say("t", "m1", "one?", "first").thread();
        var job = take().getFirst();
        rename(thread, "Mine");

        assertThat(store(job, "A model's")).isFalse();
        assertThat(title()).isEqualTo("Mine");

        truth.threads.create(
                truth.ann,
                Optional.of("named"),
                new ThreadChange(Optional.of("Named"), Optional.empty(), Optional.empty()));
        truth.say("named", "m1", "one?", "first");
        assertThat(take()).isEmpty();
    }

    @Test
    void a_deleted_threads_title_is_nobodys() {
        Accepted gone = truth.say("t", "m1", "one?", "first");
        var job = take().getFirst();
        var deletion = new ThreadDeletion(truth.jdbi);
        truth.tx(() -> deletion.delete(truth.ann, gone.thread()));

        assertThat(store(job, "Gone")).isFalse();
    }

    private List<TitleJob> take() {
        return truth.tx(() -> titles.take(10, PATIENCE));
    }

    private boolean store(TitleJob job, String title) {
        return truth.tx(() -> titles.store(job, title));
    }

    private void rename(java.util.UUID thread, String title) {
        truth.threads.change(
                truth.ann, thread, new ThreadChange(Optional.of(title), Optional.empty(), Optional.empty()));
    }

    private void timePasses() {
        truth.execute("update threads set title_due = title_due - interval '2 minutes'");
    }

    private String title() {
        return truth.threads.find(truth.ann, "t").orElseThrow().title().orElseThrow();
    }
}
