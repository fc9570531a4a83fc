package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.OnBusy;
import dev.continuo.run.Truth;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ThreadsInPostgresIT {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Truth truth = Truth.fresh();
    private final ThreadsInPostgres threads = new ThreadsInPostgres(truth.jdbi, truth.progress);

    @Test
    void a_run_that_does_not_continue_the_one_before_says_what_it_continues() {
        var first = truth.say("t", "m1", "one?", "first");
        var second = truth.say("t", "m2", "two?", "second");
        var again =
                (Accepted) truth.regenerate("t", OnBusy.ENQUEUE, second.answer().toString());
        var root =
                (Accepted) truth.regenerate("t", OnBusy.ENQUEUE, first.answer().toString());
        var next = (Accepted) truth.send(truth.message("t", "m3", "three?"));

        assertThat(after(again)).contains(JSON.textNode(first.run().toString()));
        assertThat(after(root)).contains(JSON.nullNode());
        assertThat(after(next)).isEmpty();
        assertThat(threads.after(second.run())).isEmpty();
        assertThat(threads.after(again.run())).isEqualTo(after(again));
        assertThat(asked(again).message().path("id").asText()).isEqualTo("m2");
    }

    @Test
    void many_threads_are_read_as_each_is_alone() {
        truth.say("t", "m1", "one?", "first");
        var other = truth.say("u", "m1", "one?", "first");
        var waiting = (Accepted) truth.send(truth.message("t", "m2", "two?"));
        truth.send(truth.message("t", "m3", "three?"));
        var gone = UUID.randomUUID();
        var asked = Set.of(waiting.thread(), other.thread(), gone);

        var found = threads.readMany(asked);

        assertThat(found).containsOnlyKeys(asked);
        found.forEach((thread, runs) -> assertThat(runs).isEqualTo(threads.read(thread)));
        assertThat(found.get(waiting.thread()).runs()).hasSize(3);
        assertThat(found.get(gone).mark()).isEmpty();
    }

    private Optional<JsonNode> after(Accepted run) {
        return asked(run).after();
    }

    private Asked asked(Accepted run) {
        return threads.read(run.thread())
                .find(run.run())
                .orElseThrow()
                .message()
                .orElseThrow();
    }
}
