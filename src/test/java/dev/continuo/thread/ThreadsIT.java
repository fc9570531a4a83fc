package dev.continuo.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.run.Claim;
import dev.continuo.run.Outcome;
import dev.continuo.run.Race;
import dev.continuo.run.Truth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ThreadsIT {
    private static final ThreadChange NOTHING = new ThreadChange(Optional.empty(), Optional.empty(), Optional.empty());

    private final Truth truth = Truth.fresh();
    private final Viewer bob = new Viewer(truth.org, "bob", Reach.OWN);
    private final Viewer boss = new Viewer(truth.org, "boss", Reach.ORGANISATION);

    private List<String> list(Viewer viewer, ThreadFilter filter) {
        return truth.threads.list(viewer, filter, Optional.empty(), 50).items().stream()
                .map(ThreadRow::shownId)
                .toList();
    }

    @Test
    void making_a_thread_is_idempotent_on_the_clients_id_also_eight_times_at_once() {
        var made = Race.of(8, () -> truth.threads
                .create(truth.ann, Optional.of("mine"), NOTHING)
                .orElseThrow()
                .id());

        assertThat(made).containsOnly(made.getFirst());
        assertThat(truth.threads.create(bob, Optional.of("mine"), NOTHING)).isEmpty();
    }

    @Test
    void the_same_client_id_in_another_organisation_is_another_thread() {
        UUID other = UUID.randomUUID();
        truth.organisation(other);
        var zoe = new Viewer(other, "zoe", Reach.OWN);

        var ours = truth.threads.create(truth.ann, Optional.of("x"), NOTHING).orElseThrow();
        var theirs = truth.threads.create(zoe, Optional.of("x"), NOTHING).orElseThrow();

        assertThat(ours.id()).isNotEqualTo(theirs.id());
        assertThat(truth.threads.find(zoe, ours.id().toString())).isEmpty();
    }

    @Test
    void threads_are_private_and_an_admin_reads_all_of_the_organisation() {
        var thread =
                truth.threads.create(truth.ann, Optional.of("mine"), NOTHING).orElseThrow();

        assertThat(truth.threads.find(bob, "mine")).isEmpty();
        assertThat(truth.threads.find(bob, thread.id())).isEmpty();
        assertThat(truth.threads.find(boss, "mine")).isPresent();
        assertThat(truth.threads.change(bob, thread.id(), NOTHING)).isEmpty();
        assertThat(list(bob, ThreadFilter.none())).isEmpty();
        assertThat(list(boss, ThreadFilter.none())).containsExactly("mine");
    }

    @Test
    void lists_are_filtered_by_title_state_agent_and_shelf() {
        truth.post("queued");
        truth.post("running");
        truth.execute("update threads set title = '100% Sure' where client_id = 'queued'");
        truth.execute(
                "update runs set ready_at = ready_at - interval '1 s' where thread_id = (select thread_id from threads where client_id = 'running')");
        Claim claim = truth.start(Truth.node("n"));
        truth.threads.create(
                truth.ann,
                Optional.of("empty"),
                new ThreadChange(Optional.of("Nothing yet"), Optional.of("writer"), Optional.empty()));

        assertThat(list(truth.ann, filter("0% s", null, null))).containsExactly("queued");
        assertThat(list(truth.ann, filter(null, "running", null))).containsExactly("running");
        assertThat(list(truth.ann, filter(null, "queued", null))).containsExactly("queued");
        assertThat(list(truth.ann, filter(null, null, "writer"))).containsExactly("empty");
        truth.finish(claim.fence(), Outcome.failed("x", "y", Optional.empty()));
        assertThat(list(truth.ann, filter(null, "failed", null))).containsExactly("running");

        var queued = truth.threads.find(truth.ann, "queued").orElseThrow();
        truth.threads.change(
                truth.ann,
                queued.id(),
                new ThreadChange(Optional.empty(), Optional.empty(), Optional.of(ThreadFilter.Shelf.ARCHIVED)));
        assertThat(list(truth.ann, ThreadFilter.none())).containsExactlyInAnyOrder("empty", "running");
        assertThat(list(
                        truth.ann,
                        new ThreadFilter(
                                Optional.empty(), Optional.empty(), Optional.empty(), ThreadFilter.Shelf.ARCHIVED)))
                .containsExactly("queued");
    }

    @Test
    void a_search_finds_words_of_messages_and_answers_and_parts_of_titles_and_nothing_of_others() {
        truth.say("tea", "m1", "How long does Darjeeling steep?", "Three ", "minutes, at 90 °C.");
        truth.say("coffee", "m1", "And coffee?", "Four minutes.");
        truth.say("naïve", "m1", "Straße 北京 x'y & !(", "ok");
        truth.threads.create(bob, Optional.of("bobs"), NOTHING);
        truth.execute("update threads set title = 'Brewing' where client_id = 'tea'");

        assertThat(list(truth.ann, filter("darjeel", null, null))).containsExactly("tea");
        assertThat(list(truth.ann, filter("minutes three", null, null))).containsExactly("tea");
        assertThat(list(truth.ann, filter("minutes", null, null))).containsExactly("coffee", "tea");
        assertThat(list(truth.ann, filter("rewi", null, null))).containsExactly("tea");
        assertThat(list(truth.ann, filter("straße", null, null))).containsExactly("naïve");
        assertThat(list(truth.ann, filter("北京", null, null))).containsExactly("naïve");
        assertThat(list(truth.ann, filter("steep four", null, null)))
                .as("of one message")
                .isEmpty();
        assertThat(list(truth.ann, filter("text", null, null)))
                .as("no word of the format")
                .isEmpty();
        for (String odd : List.of("' & !(", "\\", ":*", "<->", "%", "a & | b:*'")) {
            assertThat(list(truth.ann, filter(odd, null, null))).as(odd).isEmpty();
        }
        assertThat(list(bob, filter("minutes", null, null))).isEmpty();
        assertThat(list(boss, filter("minutes", null, null))).containsExactly("coffee", "tea");
    }

    @Test
    void what_is_too_long_to_be_searched_is_stored_all_the_same() {
        var text = new StringBuilder();
        for (int i = 0; text.length() < 2_000_000; i++) {
            text.append(Integer.toString(i, 36)).append(' ').append((char) (0x4e00 + i % 20_000));
        }

        truth.say("t", "m1", "long?", text.toString());

        assertThat(list(truth.ann, filter("long", null, null))).containsExactly("t");
    }

    private static ThreadFilter filter(String text, String state, String agent) {
        return new ThreadFilter(
                Optional.ofNullable(text),
                Optional.ofNullable(state),
                Optional.ofNullable(agent),
                ThreadFilter.Shelf.CURRENT);
    }

    @Test
    void pages_join_without_gap_or_repeat() {
        for (int i = 0; i < 7; i++) {
            truth.post("t" + i);
        }
        truth.execute("update threads set changed_at = date_trunc('second', changed_at)");
        var seen = new java.util.ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = truth.threads.list(truth.ann, ThreadFilter.none(), cursor, 3);
            page.items().forEach(t -> seen.add(t.shownId()));
            cursor = page.next();
        } while (cursor.isPresent());

        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void messages_come_in_server_order_and_partial_answers_are_marked_in_the_prompt() {
        for (int i = 0; i < 3; i++) {
            truth.post("t");
            Claim claim = truth.start(Truth.node("n"));
            truth.flush(Truth.opening(claim, "answer " + i));
            truth.finish(
                    claim.fence(),
                    i == 1 ? Outcome.failed("x", "y", Optional.empty()) : Outcome.completed("stop", Optional.empty()));
        }
        var last = truth.post("t");
        UUID thread = last.thread();

        var prompt = truth.messages.promptOf(thread, 4, OptionalInt.empty());
        assertThat(prompt).extracting(StoredMessage::turn).containsExactly(1L, 1L, 2L, 2L, 3L, 3L, 4L);
        assertThat(prompt)
                .extracting(StoredMessage::complete)
                .containsExactly(true, true, true, false, true, true, true);
        assertThat(truth.messages.promptOf(thread, 2, OptionalInt.empty())).hasSize(3);
        assertThat(truth.messages.promptOf(thread, 3, OptionalInt.of(2)))
                .extracting(m -> m.turn() + "." + m.ord())
                .containsExactly("2.1", "3.0");

        var newest = truth.messages.list(truth.ann, thread, Optional.empty(), 4);
        var older = truth.messages.list(truth.ann, thread, newest.next(), 4);
        assertThat(newest.items())
                .extracting(m -> m.turn() + "." + m.ord())
                .containsExactly("2.1", "3.0", "3.1", "4.0");
        assertThat(older.items()).extracting(m -> m.turn() + "." + m.ord()).containsExactly("1.0", "1.1", "2.0");
        assertThat(older.next()).isEmpty();
        assertThat(truth.messages.list(bob, thread, Optional.empty(), 4).items())
                .isEmpty();
        assertThat(truth.messages
                        .find(truth.ann, thread, last.messageShown())
                        .orElseThrow()
                        .id())
                .isEqualTo(last.message());
        assertThat(truth.messages.find(truth.ann, thread, last.message().toString()))
                .isPresent();
    }
}
