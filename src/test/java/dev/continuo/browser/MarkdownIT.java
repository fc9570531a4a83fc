package dev.continuo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The writer of Markdown by itself, in the browser that it is for. */
class MarkdownIT extends InBrowser {
    /** Cuts each text at random; answers what came out differently, or lost text on its way. */
    private static final String CUT_AT_RANDOM = """
            const [texts, rounds, seed, done] = arguments;
            let state = seed;
            const random = () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
            const soup = ['*', '**', '`', '```', '\\n', '\\n\\n', '- ', '1. ', '> ', '|', '|-|', '#', ' ', '  ', 'a', 'b c', '[',
              '](http://x.y)', '<', '<br>', 'h', 'https://x.y', '_', '~~', '\\\\', '&amp;', '!', '2) ', '---', '[x] '];
            import('/js/markdown.js').then(({ MarkdownWriter }) => {
              const write = (text, next) => {
                const root = document.createElement('div');
                const watch = new MutationObserver(() => {});
                watch.observe(root, { subtree: true, childList: true, characterData: true, characterDataOldValue: true });
                const writer = new MarkdownWriter(root);
                for (let at = 0; at < text.length; ) {
                  const end = Math.min(text.length, at + next());
                  writer.write(text.slice(at, end));
                  at = end;
                }
                writer.end();
                const lost = watch.takeRecords().some((r) => r.removedNodes.length || (r.oldValue !== null && !r.target.data.startsWith(r.oldValue)));
                return (lost ? 'lost something: ' : '') + root.innerHTML;
              };
              const wrong = [];
              const check = (text) => {
                const whole = write(text, () => text.length);
                const cut = write(text, () => 1 + Math.floor(random() * random() * 20));
                if (whole !== cut || cut.startsWith('lost')) wrong.push(text, whole, cut);
              };
              for (let i = 0; i < rounds && !wrong.length; i++) {
                for (const text of texts) check(text);
                let mixed = '';
                for (let n = 3 + random() * 25; n > 0; n--) mixed += soup[Math.floor(random() * soup.length)];
                check(mixed);
              }
              done(wrong);
            }, (e) => done([String(e)]));
            """;

    private static final String RENDER = """
            const [text, done] = arguments;
            import('/js/markdown.js').then(({ MarkdownWriter }) => {
              const root = document.createElement('div');
              const writer = new MarkdownWriter(root);
              writer.write(text);
              writer.end();
              done(root.innerHTML);
            });
            """;

    private Console page;

    @BeforeEach
    void open_the_page() {
        driver().manage().timeouts().scriptTimeout(Duration.ofMinutes(2));
        page = Console.open(driver(), cluster.node(1).url(), cluster.apiKey());
    }

    @Test
    void any_cut_of_a_text_gives_the_same_page_and_loses_nothing_on_the_way() {
        var texts = List.of(
                "Hello **bold** and *em* and `code` and ~~del~~ ***both*** x\n\nSecond with line\nbreak and trailing  \nspace",
                "# Title\n## Sub ##\ntext\n- a\n- b\n  - c\n    more c\n  - d\n- e\n\n1. one\n2. two\n   para\n\n   second\n3. three\n\nafter",
                "```js\nconst a = 1;\n\n  if (a) `x`;\n```\nafter **x**\n~~~\nopen fence",
                "| a | b |\n|---|:-:|\n| 1 | `x|y` |\n| **b** | <br> z |\n\nnot | table\n| only header\ntext",
                "> quote **b**\n> more\nlazy\n\n> - item\n>   ```\n>   code\n>   ```\n\nend",
                "See https://example.com/a_b(c). [link](https://x.y/z \"t\") ![img](http://evil/x.png) [1] 2 * 3 * 4 **open");
        assertThat(page.asyncJs(CUT_AT_RANDOM, texts, 1500, 20261124)).isEqualTo(List.of());
    }

    @Test
    void it_is_what_its_reader_means() {
        assertThat(render("A **b** `c` [d](https://e.f)"))
                .isEqualTo("<p>A <strong>b</strong> <code>c</code> <a href=\"https://e.f\" target=\"_blank\" "
                        + "rel=\"noopener noreferrer nofollow\">d</a></p>");
        assertThat(render("- a\n  - b\n- c"))
                .isEqualTo("<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>");
        assertThat(render("2 * 3 * 4 and snake_case_name and <b>no</b>"))
                .isEqualTo("<p>2 * 3 * 4 and snake_case_name and &lt;b&gt;no&lt;/b&gt;</p>");
        assertThat(render("# A\nb\nc")).isEqualTo("<h2>A</h2><p>b<br>c</p>");
    }

    private String render(String text) {
        return (String) page.asyncJs(RENDER, text);
    }
}
