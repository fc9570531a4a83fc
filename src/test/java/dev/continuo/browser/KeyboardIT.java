package dev.continuo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page without a mouse, and without eyes: where the focus is, and what is announced. */
class KeyboardIT extends InBrowser {
    /** Each answer that somebody who listens to the page is told. */
    private static final String LISTEN = """
            window.told = [];
            new MutationObserver((records) => {
              for (const record of records) {
                if (record.type === 'characterData') window.told.push(record.target.data);
                else for (const node of record.addedNodes) window.told.push(node.textContent);
              }
            }).observe(document.getElementById('announce'), {subtree: true, childList: true, characterData: true});
            """;

    private Console page;

    @BeforeEach
    void open_the_page() {
        page = Console.open(driver(), cluster.node(1).url(), cluster.apiKey());
    }

    @Test
    void an_answer_is_announced_once_and_whole() {
        page.js(LISTEN);
        page.send("slow:80x20");
        page.awaitVerified(1);
        page.send("slow:40x20");
        page.awaitVerified(2);
        page.until("the second one is announced", "return window.told.some(t => t.endsWith(arguments[0]))", answer(40));
        assertThat(page.js("return window.told")).isEqualTo(List.of("Answer: " + answer(80), "Answer: " + answer(40)));
    }

    private static String answer(int chunks) {
        return IntStream.rangeClosed(1, chunks)
                .mapToObj(i -> "chunk-" + i + " ")
                .collect(Collectors.joining());
    }

    @Test
    void a_conversation_is_found_opened_renamed_and_kept_without_a_mouse() {
        var title = "say:" + UUID.randomUUID();
        page.send(title);
        page.awaitState(1, "completed");
        var thread = page.thread();
        page.key(Keys.chord(Keys.CONTROL, Keys.SHIFT, "o"));
        page.awaitTurns(0);
        page.awaitFocus("#ask");
        page.key(Keys.chord(Keys.CONTROL, "k"));
        page.awaitFocus("#search");
        page.key(title);
        page.awaitCount("#thread-list li", 1);
        page.key(Keys.TAB);
        page.awaitFocus("#thread-list a");
        page.key(Keys.ENTER);
        page.awaitState(1, "completed");
        assertThat(page.thread()).isEqualTo(thread);

        page.focus("#thread-list .more");
        page.key(Keys.ENTER);
        page.awaitFocus("#menu [role=menuitem]:first-child");
        page.key(Keys.ESCAPE);
        page.awaitFocus("#thread-list .more");
        assertThat(page.shown("#menu")).isFalse();
        page.key(Keys.ENTER);
        page.key(Keys.ARROW_UP);
        page.awaitFocus("#menu .bad");
        page.key(Keys.ENTER);
        page.awaitShown("#confirm");
        page.key(Keys.ESCAPE);
        page.until("it is closed", "return !document.getElementById('confirm').open");
        page.awaitFocus("#thread-list .more");
        assertThat(page.count("#thread-list li")).as("nothing was deleted").isEqualTo(1);

        page.key(Keys.ENTER);
        page.awaitFocus("#menu [role=menuitem]:first-child");
        page.js("document.querySelector('#thread-list li').dataset.drawn = 'before'");
        cluster.api(1).say(thread, UUID.randomUUID().toString(), "say:meanwhile");
        page.awaitState(2, "completed");
        page.until("the list is drawn anew", "return !document.querySelector('#thread-list [data-drawn]')");
        assertThat(page.js("return document.querySelector('#thread-list .more').ariaExpanded"))
                .as("the menu is still that of its button")
                .isEqualTo("true");
        page.key(Keys.ENTER);
        page.awaitFocus(".rename");
        page.key(Keys.chord(Keys.CONTROL, "a"), "Found again", Keys.ENTER);
        page.awaitText("#title", "Found again");
        page.awaitFocus("#thread-list a");
    }

    @Test
    void a_drawer_takes_the_focus_on_a_phone_and_gives_it_back() {
        Look.PHONE_DARK.in(driver());
        page.reload();
        for (var drawer : List.of("threads", "cluster")) {
            var button = "#open-" + drawer;
            page.focus(button);
            page.key(Keys.ENTER);
            page.awaitFocus("#" + drawer + " [data-close]");
            assertThat(page.js("return document.getElementById('chat').inert")).isEqualTo(true);
            page.key(Keys.ESCAPE);
            page.awaitFocus(button);
            page.until(
                    "it is away",
                    "return !document.getElementById(arguments[0]).checkVisibility({visibilityProperty: true})",
                    drawer);
            page.click(button);
            page.awaitFocus("#" + drawer + " [data-close]");
            page.key(Keys.ENTER);
            page.awaitFocus(button);
            assertThat(page.shown("#scrim")).isFalse();
        }
    }

    @Test
    void the_first_stop_leads_past_the_list_to_the_message() {
        page.send("say:here");
        page.awaitState(1, "completed");
        var thread = page.thread();
        page.focus(".skip");
        page.key(Keys.ENTER);
        page.awaitFocus("#ask");
        assertThat(page.thread()).as("where one was").isEqualTo(thread).isNotEmpty();

        page.visit("#/admin/nothing");
        page.await("#admin-body .none");
        page.focus(".skip");
        page.key(Keys.ENTER);
        page.awaitFocus("#admin-tabs a");

        page.visit("#/t/" + thread);
        Look.PHONE_DARK.in(driver());
        page.awaitShown("#open-threads");
        page.click("#open-threads");
        page.awaitFocus("#threads [data-close]");
        page.focus(".skip");
        page.key(Keys.ENTER);
        page.awaitFocus("#ask");
        assertThat(page.shown("#scrim")).isFalse();
    }

    @Test
    void who_signs_out_is_told_nothing_and_asked_for_a_key() {
        page.await(".node");
        page.click("#leave");
        page.awaitFocus("#key");
        page.js("performance.clearResourceTimings(); window.leftAt = performance.now()");
        page.until("two periods of what asks by itself are over", "return performance.now() > window.leftAt + 2500");
        assertThat(
                        page.js(
                                "return performance.getEntriesByType('resource').filter(e => e.startTime > window.leftAt).map(e => e.name)"))
                .as("nothing asks any more")
                .isEqualTo(List.of());
        page.type("#key", "ck_wrong\n");
        page.awaitText("#sign-problem", "The server does not know this key.");
        page.retype("#key", cluster.apiKey() + "\n");
        page.awaitShown("#ask");
        assertThat(page.js(
                        "return performance.getEntriesByType('resource').filter(e => e.responseStatus === 401).length"))
                .as("refused: the wrong key, and nothing that asks by itself")
                .isEqualTo(1L);
    }
}
