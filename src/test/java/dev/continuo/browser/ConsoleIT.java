package dev.continuo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What a user of the page sees, and what it never does to them. */
class ConsoleIT extends InBrowser {
    private Console page;

    @BeforeEach
    void open_the_page() {
        page = Console.open(driver(), cluster.node(1).url(), cluster.apiKey());
    }

    @Test
    void a_key_in_the_address_is_taken_and_wiped() {
        assertThat(page.url()).doesNotContain("ck_");
        page.reload();
        assertThat(page.url()).doesNotContain("ck_");
    }

    @Test
    void a_message_is_answered_and_the_page_proves_that_it_shows_what_is_stored() {
        page.watchText();
        page.send("slow:60x20");
        page.awaitVerified(1);
        assertThat(page.answer(1)).isEqualTo(chunks(60));
        assertThat(page.lostText()).isEmpty();
        assertThat(page.questions()).containsExactly("slow:60x20");
    }

    @Test
    void a_reload_in_the_middle_on_another_node_goes_on_to_the_whole_answer() {
        page.send("slow:400x40");
        page.awaitAnswerWith(1, "chunk-10 ");
        page = Console.open(driver(), cluster.node(2).url(), cluster.apiKey(), page.thread());
        page.awaitAnswerWith(1, "chunk-20 ");
        page.watchText();
        page.reload();
        page.awaitAnswerWith(1, "chunk-40 ");
        page.watchText();
        page.awaitState(1, "completed");
        assertThat(page.answer(1)).isEqualTo(chunks(400));
        assertThat(page.lostText()).isEmpty();
    }

    @Test
    void a_cut_connection_goes_on_where_it_was_and_leaves_the_text_alone() throws IOException {
        try (var line = Line.to(cluster.node(1).port())) {
            page = Console.open(driver(), line.url(), cluster.apiKey());
            page.send("slow:200x40");
            page.awaitAnswerWith(1, "chunk-5 ");
            page.watchText();
            page.watchLink();
            line.cut();
            page.awaitLinks("waiting", "open");
            page.awaitVerified(1);
            assertThat(page.answer(1)).isEqualTo(chunks(200));
            assertThat(page.lostText()).isEmpty();
        }
    }

    @Test
    void markdown_grows_without_taking_anything_back() {
        page.watchText();
        page.send("What is Continuo?");
        page.awaitVerified(1);
        assertThat(page.lostText()).isEmpty();
        assertThat(page.js("return document.querySelectorAll('.markdown .code code').length > 0"))
                .isEqualTo(true);
        var streamed = page.js("return document.querySelector('.answer-body').innerHTML");
        page.reload();
        page.awaitState(1, "completed");
        assertThat(page.js("return document.querySelector('.answer-body').innerHTML"))
                .isEqualTo(streamed);
    }

    @Test
    void two_tabs_are_in_step_and_each_sees_what_the_other_asks() {
        page.send("slow:40x30");
        page.awaitAnswerWith(1, "chunk-3 ");
        var other = page.inAnotherTab();
        other.awaitState(1, "completed");
        other.send("say:hello from the other tab");
        page.awaitTurns(2);
        assertThat(page.questions()).containsExactly("slow:40x30", "say:hello from the other tab");
        page.awaitVerified(2);
        other.awaitState(2, "completed");
        assertThat(page.answer(2)).isEqualTo(other.answer(2)).contains("hello from the other tab");
        assertThat(page.answer(1)).isEqualTo(other.answer(1)).isEqualTo(chunks(40));
    }

    @Test
    void stop_ends_the_answer_and_keeps_what_was_said() {
        page.send("slow:600x50");
        page.awaitAnswerWith(1, "chunk-5 ");
        page.click("#stop");
        page.awaitState(1, "cancelled");
        assertThat(page.notice(1)).startsWith("Stopped.");
        assertThat(chunks(600)).startsWith(page.answer(1));
        page.send("slow:600x50");
        page.awaitAnswerWith(2, "chunk-5 ");
        page.press(Keys.ESCAPE);
        page.awaitState(2, "cancelled");
    }

    @Test
    void messages_wait_in_their_order_and_can_be_taken_back() {
        page.send("slow:2000x50");
        page.awaitAnswerWith(1, "chunk-2 ");
        page.send("say:second");
        page.send("say:third");
        page.send("say:fourth");
        page.awaitQueue(3);
        assertThat(page.queue()).containsExactly("say:second", "say:third", "say:fourth");
        page.until(
                "the second can be removed", "return document.querySelectorAll('#queue [title=Remove]').length === 3");
        page.click("#queue li:nth-child(2) [title=Remove]");
        page.awaitQueue(2);
        page.click("#stop");
        page.awaitTurns(3);
        page.awaitState(1, "cancelled");
        page.awaitState(3, "completed");
        assertThat(page.questions()).containsExactly("slow:2000x50", "say:second", "say:fourth");
    }

    @Test
    void the_death_of_the_owner_is_told_calmly_and_the_answer_is_whole() {
        var api = cluster.api(1);
        var thread = api.post("/api/threads", "{}").json().path("id").asText();
        var run = api.say(thread, "long", "slow:300x40").path("runId").asText();
        Await.until("a node owns the run", Duration.ofSeconds(20), Duration.ofMillis(50), () -> api.run(run)
                .path("state")
                .asText()
                .equals("running"));
        var owner = cluster.node(api.run(run).path("node").asText());
        page = Console.open(driver(), cluster.survivorOf(owner).url(), cluster.apiKey(), thread);
        page.awaitAnswerWith(1, "chunk-10 ");
        owner.kill9();
        page.until("it says that it goes on", "return Boolean(document.querySelector('.where.moved'))");
        page.awaitVerified(1);
        assertThat(page.answer(1)).isEqualTo(chunks(300));
    }

    @Test
    void the_cluster_is_beside_the_chat() {
        page.send("slow:200x40");
        page.awaitAnswerWith(1, "chunk-2 ");
        page.until(
                "three nodes, one of them this page's",
                "return document.querySelectorAll('.node').length === 3 && "
                        + "[...document.querySelectorAll('.node .tag')].filter(t => t.textContent === 'this page').length === 1");
        page.until(
                "the run with its epoch and its records",
                "return [...document.querySelectorAll('.run[data-state=running] .run-facts')].some(f => "
                        + "/epoch \\d+ · [\\d,]+ records/.test(f.textContent))");
        page.click("#stop");
        page.awaitState(1, "cancelled");
    }

    @Test
    void a_late_beat_is_shown_before_the_node_is_gone_and_a_node_that_wakes_is_alive_again() {
        awaitCard("node-3", "live");
        cluster.node(3).freeze();
        try {
            awaitCard("node-3", "late");
            page.until(
                    "it says for how long",
                    "return [...document.querySelectorAll('.node-warn')].some(w => !w.hidden && /No beat for/.test(w.textContent))");
            awaitCard("node-3", "gone");
        } finally {
            cluster.node(3).thaw();
        }
        awaitCard("node-3", "live");
    }

    private void awaitCard(String node, String state) {
        page.until(
                node + " is " + state,
                "return [...document.querySelectorAll('.node')].some(n => n.dataset.state === arguments[1] && "
                        + "n.querySelector('strong').textContent === arguments[0])",
                node,
                state);
    }

    private static String chunks(int n) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> "chunk-" + i).collect(Collectors.joining(" "));
    }
}
