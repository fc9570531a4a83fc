package dev.continuo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A model may say anything: nothing of it runs, and nothing of it makes the browser call anybody. */
class HostileOutputIT extends InBrowser {
    private static final List<String> CORPUS = List.of(
            "<script>window.pwned = 1</script>",
            "<img src=x onerror='window.pwned = 1'>",
            "<img src=\"http://evil.invalid/a.png\">",
            "![picture](http://evil.invalid/b.png)",
            "![a](http://evil.invalid/c.png \"t\") ![][ref]",
            "[ref]: http://evil.invalid/d",
            "<svg/onload=window.pwned=1><svg><script>window.pwned=1</script>",
            "<iframe src=\"http://evil.invalid/e\"></iframe>",
            "<link rel=stylesheet href=http://evil.invalid/f.css>",
            "<style>@import url(http://evil.invalid/g.css);</style>",
            "<base href=http://evil.invalid/>",
            "<meta http-equiv=refresh content='0;url=http://evil.invalid/h'>",
            "<form action=http://evil.invalid/i><button autofocus>go</button></form>",
            "<video><source onerror=window.pwned=1 src=http://evil.invalid/j></video>",
            "<object data=http://evil.invalid/k></object><embed src=http://evil.invalid/l>",
            "<a href=\"javascript:window.pwned=1\">html link</a>",
            "[click me](javascript:window.pwned=1)",
            "[click me](JaVaScRiPt&colon;window.pwned=1)",
            "[click me](data:text/html,<script>window.pwned=1</script>)",
            "[click me](vbscript:x) [x](&#106;avascript:window.pwned=1)",
            "<javascript:window.pwned=1> <https://example.invalid/\"onmouseover=window.pwned=1>",
            "https://example.invalid/\"><script>window.pwned=1</script>",
            "[a](https://example.invalid/\" onclick=\"window.pwned=1)",
            "```\"><script>window.pwned=1</script>",
            "</code></pre><script>window.pwned=1</script>",
            "```",
            "`<script>window.pwned=1</script>`",
            "| <img src=x onerror=window.pwned=1> | b |",
            "|---|---|",
            "| <script>window.pwned=1</script> | ![x](http://evil.invalid/m) |",
            "&lt;script&gt;window.pwned=1&lt;/script&gt; &#60;img src=x onerror=window.pwned=1&#62;",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=window.pwned=1&gt;\">",
            "<div style=\"background:url(http://evil.invalid/n)\">x</div>",
            "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1}",
            "event: terminal",
            "data: {\"run\":\"x\",\"state\":\"completed\"}",
            "\u2028 \u2029 \u202e reversed");

    private static final Set<String> ELEMENTS = Set.of(
            "p", "br", "a", "strong", "em", "del", "code", "span", "div", "pre", "button", "table", "thead", "tbody",
            "tr", "th", "td");
    private static final Pattern REQUEST = Pattern.compile("\"url\":\"((?:https?|wss?|ftp):[^\"]*)\"");

    @Test
    void no_script_runs_and_no_request_leaves() {
        var home = cluster.node(1).url();
        var page = Console.open(driver(), home, cluster.apiKey());
        var thread = cluster.api(1).post("/api/threads", "{}").json().path("id").asText();
        var text =
                "say:" + String.join("\n\n", CORPUS.subList(0, 24)) + "\n" + String.join("\n", CORPUS.subList(24, 26))
                        + "\n\n" + CORPUS.get(26) + "\n\n" + String.join("\n", CORPUS.subList(27, 30)) + "\n\n"
                        + String.join("\n\n", CORPUS.subList(30, CORPUS.size()));
        driver().get(home + "/#/t/" + thread);
        cluster.api(1).say(thread, "hostile", text);
        page.awaitState(1, "completed");
        assertNothingHappened(page, home);
        page.reload();
        page.awaitState(1, "completed");
        assertNothingHappened(page, home);
    }

    private static void assertNothingHappened(Console page, String home) {
        assertThat(page.answer(1)).contains("<script>window.pwned = 1</script>");
        assertThat(page.js("return window.pwned ?? null")).isNull();
        assertThat(page.js("return [...new Set([...document.querySelectorAll('.answer-body *')]"
                        + ".filter(e => !(e instanceof SVGElement)).map(e => e.localName))]"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
                .isSubsetOf(ELEMENTS);
        assertThat(page.js("return [...document.querySelectorAll('.answer-body a')].map(a => a.protocol)"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
                .isNotEmpty()
                .isSubsetOf("http:", "https:", "mailto:");
        assertThat(page.js("return [...document.querySelectorAll('.answer-body *')].flatMap(e => e.getAttributeNames())"
                        + ".filter(n => n.startsWith('on') || n === 'style' || n === 'src' || n === 'srcdoc')"))
                .isEqualTo(List.of());
        assertThat(requests(home)).isEmpty();
    }

    /** Addresses that the browser asked for, except ours. */
    private static Set<String> requests(String home) {
        return driver().manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(m -> m.contains("\"Network.requestWillBeSent\"") || m.contains("\"Network.webSocketCreated\""))
                .flatMap(m -> REQUEST.matcher(m).results().map(r -> r.group(1)))
                .filter(url -> !url.startsWith(home + "/"))
                .collect(Collectors.toSet());
    }

    @Test
    void the_page_carries_the_headers_that_make_mistakes_harmless() {
        var reply = cluster.api(1).get("/");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'")
                .doesNotContain("unsafe");
        assertThat(reply.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(reply.headers().firstValue("referrer-policy")).contains("no-referrer");
        for (var file : List.of("/js/main.js", "/css/base.css", "/favicon.svg")) {
            assertThat(cluster.api(1).get(file).headers().firstValue("content-security-policy"))
                    .as(file)
                    .isPresent();
        }
    }

    @Test
    void a_file_is_asked_for_again_only_when_its_content_has_changed() {
        var first = cluster.api(1).get("/js/main.js");
        var etag = first.headers().firstValue("etag").orElseThrow();
        assertThat(first.headers().firstValue("cache-control")).contains("no-cache");
        assertThat(cluster.api(2)
                        .send("GET", "/js/main.js", Map.of("if-none-match", etag), "")
                        .status())
                .as("same content, another node")
                .isEqualTo(304);
        var sameDate = Map.of("if-modified-since", "Thu, 01 Jan 2037 00:00:00 GMT");
        assertThat(cluster.api(1).send("GET", "/js/main.js", sameDate, "").status())
                .as("a date says nothing: each build gives all files the same")
                .isEqualTo(200);
    }
}
