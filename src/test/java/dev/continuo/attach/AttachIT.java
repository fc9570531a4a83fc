package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Nats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttachIT {
    private final Truth truth = Truth.fresh();
    private final Nats nats = Nats.launch();
    private final ReadingNode node = new ReadingNode(truth, nats.url());
    private final String thread = "t-" + UUID.randomUUID();

    AttachIT() {
        Await.until("the stream is there", Duration.ofSeconds(10), node.live::healthy);
    }

    @AfterEach
    void close() {
        node.close();
        nats.close();
    }

    private RunOwner owner() {
        truth.post(thread);
        return RunOwner.ofNext(truth, node.live);
    }

    @Test
    void a_run_is_seen_from_its_first_chunk_then_live_then_to_its_end() {
        var owner = owner().says("Hello", ", ").commits().says("wide ");
        var early = node.watchesRun(owner);
        early.shows("Hello, wide ");
        owner.says("world");
        early.shows("Hello, wide world");
        var late = node.watchesRun(owner);
        late.shows("Hello, wide world");
        owner.completes();
        early.endsWith("Hello, wide world");
        late.endsWith("Hello, wide world");
        assertThat(early.lastId()).isEqualTo(owner.run() + ".1.end");
        Await.until("both streams are over", Duration.ofSeconds(5), () -> node.openStreams() == 0);
    }

    @Test
    void without_nats_everything_comes_from_postgresql() {
        nats.kill9();
        var owner = owner().says("slower").commits();
        var browser = node.watchesRun(owner);
        browser.shows("slower");
        owner.says(", not wrong").commits();
        browser.shows("slower, not wrong");
        owner.completes();
        browser.endsWith("slower, not wrong");
    }

    @Test
    void a_broker_that_dies_in_the_middle_loses_nothing() {
        var owner = owner().says("one ");
        var browser = node.watchesRun(owner);
        browser.shows("one ");
        nats.kill9();
        owner.says("two ").commits();
        browser.shows("one two ");
        nats.start();
        Await.until("the stream is back", Duration.ofSeconds(10), node.live::healthy);
        owner.says("three");
        owner.completes();
        browser.endsWith("one two three");
    }

    @Test
    void a_broker_that_lost_its_store_loses_nothing() {
        var owner = owner().says("one ").commits().says("two ");
        var browser = node.watchesRun(owner);
        browser.shows("one two ");
        nats.kill9();
        nats.startEmpty();
        Await.until("the stream is made again", Duration.ofSeconds(10), node.live::healthy);
        owner.commits().says("three ").says("four");
        var late = node.watchesRun(owner);
        owner.completes();
        browser.endsWith("one two three four");
        late.endsWith("one two three four");
    }

    @Test
    void a_takeover_rewinds_whoever_saw_more_than_was_kept() {
        var owner = owner().says("one ").commits().says("two ");
        var browser = node.watchesRun(owner);
        browser.shows("one two ");
        var next = owner.isTakenOver().says("2 ");
        browser.shows("one 2 ");
        assertThat(browser.names()).containsExactly("rewind");
        next.completes();
        browser.endsWith("one 2 ");
    }

    @Test
    void a_finished_run_is_replayed_from_its_segments_and_later_from_its_message() {
        var owner = owner().says("all ", "of it");
        owner.completes();
        node.watchesRun(owner).endsWith("all of it");
        truth.execute("delete from run_segments where run_id = '" + owner.run() + "'");
        Await.until("the tail is gone", Duration.ofSeconds(10), () -> node.tails.size() == 0);
        var later = node.watchesRun(owner);
        later.seesTheEnd();
        assertThat(later.names()).containsExactly("snapshot", "terminal");
        assertThat(later.snapshot().orElseThrow().at("/message/parts").toString())
                .contains("all of it");
    }

    @Test
    void committed_watchers_see_only_what_postgresql_has() {
        var owner = owner().says("sure ").commits().says("maybe ");
        var live = node.watchesRun(owner);
        var committed = node.watchesRun(owner.thread(), owner.run(), Visibility.COMMITTED, Optional.empty());
        live.shows("sure maybe ");
        committed.shows("sure ");
        var next = owner.isTakenOver().says("yes ").commits();
        committed.shows("sure yes ");
        assertThat(committed.names()).isEmpty();
        next.completes();
        committed.endsWith("sure yes ");
    }

    @Test
    void a_cursor_resumes_on_another_node_exactly_after_it() {
        var owner = owner().says("one ").commits().says("two ");
        var here = node.watchesRun(owner);
        here.shows("one two ");
        try (var elsewhere = new ReadingNode(truth, nats.url())) {
            var browser =
                    elsewhere.watchesRun(owner.thread(), owner.run(), Visibility.LIVE, Optional.of(here.lastId()));
            owner.says("three");
            owner.completes();
            here.endsWith("one two three");
            browser.sink.text();
            Await.until(
                    "the end", Duration.ofSeconds(10), () -> browser.sink.text().contains("event: terminal"));
            assertThat(browser.sink.text()).contains("\"delta\":\"three\"").doesNotContain("\"delta\":\"two \"");
        }
    }

    @Test
    void a_thread_is_followed_from_run_to_run_with_and_without_hints() {
        Accepted first = truth.post(thread);
        var browser = node.followsThread(first.thread(), Optional.empty());
        Await.until("the open", Duration.ofSeconds(10), () -> browser.names().contains("open"));
        var one = RunOwner.ofNext(truth, node.live).says("one");
        browser.shows("one");
        one.completes();
        node.hints.threadChanged(truth.org, first.thread());
        browser.seesTheEnd();
        truth.post(thread);
        Await.until(
                "the second message without a hint",
                Duration.ofSeconds(10),
                () -> browser.names().stream().filter("message"::equals).count() == 2);
    }

    @Test
    void many_watchers_come_and_go_and_leave_nothing_behind() {
        var owner = owner();
        var browsers = new ArrayList<Browser>();
        for (int i = 0; i < 50; i++) {
            browsers.add(node.watchesRun(owner));
        }
        var text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            owner.says("w" + i + " ");
            text.append("w").append(i).append(' ');
        }
        owner.completes();
        browsers.forEach(b -> b.endsWith(text.toString()));
        Await.until("nothing is open", Duration.ofSeconds(10), () -> node.openStreams() == 0 && node.tails.size() == 0);
        assertThat(List.of(node.stats.watchers().sum(), node.stats.tails().sum()))
                .containsExactly(0L, 0L);
    }
}
