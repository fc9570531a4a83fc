package dev.continuo.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Axe;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.Database;
import dev.continuo.testkit.ToolServer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.OutputType;

/**
 * Every page with what an organisation has in it, on a desktop and on a phone, by day and by night: nothing sticks out, a
 * thumb finds every control, and axe-core finds nothing against WCAG 2 A and AA: it takes long, so it looks once at each
 * size and once at each scheme. The pictures are in target/pages.
 */
class PagesIT extends InBrowser {
    private static final Path PICTURES = Path.of("target", "pages");
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Elements beyond the right or left edge, except inside what scrolls by itself or ends its text with an ellipsis. */
    private static final String STICKING_OUT = """
            const scrolls = (el) => {
              for (let p = el; p && p !== document.body; p = p.parentElement) {
                const style = getComputedStyle(p);
                if (['auto', 'scroll'].includes(style.overflowX) && p.getBoundingClientRect().right <= innerWidth + 1) return true;
                if (p !== el && style.textOverflow === 'ellipsis' || p.matches('.sr, .skip')) return true;
              }
              return false;
            };
            const wide = [document.documentElement, ...document.querySelectorAll('.scroller')].filter(e => e.scrollWidth > e.clientWidth + 1);
            const out = [...document.querySelectorAll('body *')].filter(el => {
              if (el instanceof SVGElement && !(el instanceof SVGSVGElement) || !el.checkVisibility({visibilityProperty: true})) return false;
              const box = el.getBoundingClientRect();
              return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(el);
            });
            return [...wide, ...out].map(e => `${e.localName}#${e.id}.${e.className.baseVal ?? e.className} ${Math.round(e.getBoundingClientRect().right)}`);
            """;

    /** Controls that a thumb does not find: smaller than 40 CSS pixels to touch, or under something else. */
    private static final String HARD_TO_TOUCH = """
            const above = document.querySelector('dialog[open], #menu:not([hidden])') ?? document.body;
            const controls = [...above.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(el =>
              el.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !el.closest('[inert], .sr, .skip')
              && !el.disabled && !el.matches('.markdown :is(p, li, td, th) a'));
            return controls.flatMap(el => {
              el.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
              const box = (el.closest('label') ?? el).getBoundingClientRect();
              const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
              const mine = (dx, dy) => {
                const hit = document.elementFromPoint(x + dx, y + dy);
                return hit !== null && (el.contains(hit) || [...(el.labels ?? [])].some(l => l.contains(hit)));
              };
              const name = `${el.localName}#${el.id}.${el.className} ‘${(el.getAttribute('aria-label') ?? el.textContent).trim().slice(0, 30)}’ ${Math.round(box.width)}×${Math.round(box.height)}`;
              if (!mine(0, 0)) return [name + ' is covered'];
              const tall = box.height >= 40 || (mine(0, -19.5) && mine(0, 19.5));
              const broad = box.width >= 40 || (mine(-19.5, 0) && mine(19.5, 0));
              return tall && broad ? [] : [name];
            });
            """;

    /** Where a menu lies over the page, of the menu alone: it covers what was looked at without it. */
    private static final String AGAINST_WCAG = """
            const done = arguments[arguments.length - 1];
            axe.run(document.querySelector('#menu:not([hidden])') ?? document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations']}).then(
              r => done(r.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\\s+/g, ' ')}`))),
              e => done([String(e)]));
            """;

    /** What lies over a page, so that the next one can be seen. */
    private static final String PUT_AWAY = """
            document.querySelector('dialog[open]')?.close();
            document.getElementById('menu').hidden = true;
            if (!document.getElementById('scrim').hidden) document.getElementById('scrim').click();
            """;

    private static ToolServer tools;
    private static String axe;
    private static String key;
    private static String talk;
    private static String asking;
    private static String busy;
    private static String run;
    /** In the order in which they were sent. */
    private static final List<String> atWork = new ArrayList<>();

    /** A page by its name, and how one comes to it from wherever one is. */
    private record Sight(String name, BiConsumer<Console, Look> open) {
        static Sight of(String name, BiConsumer<Console, Look> open) {
            return new Sight(name, open);
        }

        static Sight admin(String name) {
            return of(name, (page, look) -> see(page, name));
        }

        /** A form of an administration page, opened by the button of that name. */
        static Sight form(String name, String of, String button) {
            return of(name, (page, look) -> {
                see(page, of);
                page.click(button);
                page.await(".form");
            });
        }

        private static void see(Console page, String admin) {
            page.visit("#/admin/" + admin);
            page.await("#admin-body:not([aria-busy]) [data-page=" + admin + "]");
        }
    }

    private static final List<Sight> SIGHTS = List.of(
            Sight.of("new", (page, look) -> page.awaitShown(".examples")),
            Sight.of("conversation", (page, look) -> {
                page.visit("#/t/" + talk);
                page.awaitTurns(4);
                page.awaitState(4, "failed");
                page.until("the picture", """
                        document.querySelector('.turn').scrollIntoView();
                        return document.querySelector('.question-files img')?.naturalWidth > 0""");
                page.js("document.querySelectorAll('.tool').forEach(d => d.open = true)");
            }),
            Sight.of("decision", (page, look) -> {
                page.visit("#/t/" + asking);
                page.awaitShown(".ask");
            }),
            Sight.of("queue", (page, look) -> {
                page.visit("#/t/" + busy);
                page.awaitQueue(2);
                page.awaitAnswerWith(1, "chunk-2 ");
            }),
            Sight.of("conversations", PagesIT::conversations),
            Sight.of("menu", (page, look) -> {
                conversations(page, look);
                page.js("document.querySelector('#thread-list .more').click()");
                page.awaitShown("#menu");
            }),
            Sight.of("confirm", (page, look) -> {
                Sight.see(page, "agents");
                page.click("[aria-label='Delete clerk']");
                page.awaitShown("#confirm");
            }),
            Sight.of("cluster", (page, look) -> {
                page.visit("#/");
                page.js(
                        "if (document.getElementById('cluster').hidden) document.getElementById('open-cluster').click()");
                page.awaitCount(".node", 3);
                page.awaitShown(".run");
            }),
            Sight.admin("agents"),
            Sight.form("agent", "agents", "[aria-label='Edit clerk']"),
            Sight.admin("providers"),
            Sight.form("provider", "providers", ".page-actions .primary"),
            Sight.form("tier", "providers", "[aria-label='Change smart']"),
            Sight.of("tools", (page, look) -> {
                Sight.see(page, "tools");
                page.click("[aria-label='Probe calendar']");
                page.await(".found");
            }),
            Sight.form("tool", "tools", "[aria-label='Edit files']"),
            Sight.admin("keys"),
            Sight.form("key", "keys", ".page-actions .primary"),
            Sight.admin("usage"),
            Sight.admin("audit"),
            Sight.admin("runs"),
            Sight.of("run", (page, look) -> {
                page.visit("#/admin/runs/" + run);
                page.await(".events li");
            }),
            Sight.of("sign-in", (page, look) -> {
                page.js("document.getElementById('leave').click()");
                page.awaitShown("#sign-form");
            }));

    @ParameterizedTest
    @EnumSource
    void they_fit_and_everybody_can_use_them(Look look) throws IOException {
        var driver = driver();
        look.in(driver);
        var page = Console.open(driver, cluster.node(1).url(), key);
        var checked = look == Look.DESKTOP_LIGHT || look == Look.PHONE_DARK;
        if (checked) {
            page.js(axe);
        }
        Files.createDirectories(PICTURES);
        var wrong = new ArrayList<String>();
        for (var sight : SIGHTS) {
            sight.open().accept(page, look);
            page.asyncJs("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))");
            var shown = look + " " + sight.name();
            Files.write(PICTURES.resolve(sight.name() + "-" + look + ".png"), driver.getScreenshotAs(OutputType.BYTES));
            note(wrong, shown + " sticks out: ", page.js(STICKING_OUT));
            if (checked) {
                note(wrong, shown + " against WCAG: ", page.asyncJs(AGAINST_WCAG));
            }
            if (look.phone()) {
                note(wrong, shown + " is hard to touch: ", page.js(HARD_TO_TOUCH));
            }
            page.js(PUT_AWAY);
        }
        assertThat(wrong).isEmpty();
    }

    private static void conversations(Console page, Look look) {
        page.await("#thread-list li");
        if (look.phone()) {
            page.click("#open-threads");
            page.awaitShown("#threads [data-close]");
        }
    }

    private static void note(List<String> wrong, String what, Object found) {
        ((List<?>) found).forEach(one -> wrong.add(what + one));
    }

    @BeforeAll
    static void an_organisation_at_work() {
        axe = Axe.script();
        tools = new ToolServer();
        var cluster = Cluster.shared();
        cluster.heal();
        var organisation = "o-" + UUID.randomUUID();
        key = cluster.api(1)
                .post("/api/keys", """
                        {"name":"Console","subject":"ann","role":"admin","scopes":["chat","ops","keys","catalog"],"organisation":"%s"}
                        """.formatted(organisation))
                .expect(201)
                .json()
                .path("key")
                .asText();
        var api = cluster.api(1).as(key);
        catalog(api, cluster);
        keys(api);
        conversations(api);
        usage(cluster, organisation);
    }

    @AfterAll
    static void nobody_at_work() {
        // The newest first: none of those that wait begins.
        for (var begun : atWork.reversed()) {
            Cluster.shared().api(1).as(key).cancel(begun);
        }
        if (tools != null) {
            tools.close();
        }
    }

    private static void catalog(Api api, Cluster cluster) {
        put(api, "/api/mcp-servers/calendar", "{\"transport\":\"http\",\"url\":\"" + tools.url() + "\"}");
        put(api, "/api/mcp-servers/files", """
                {"transport":"http","url":"https://tools.example.com/mcp/v1/organisations/42/files","bearer":"a-secret",
                 "allowedTools":["read_file","search_files","list_directory"],"timeoutSeconds":120}""");
        put(api, "/api/agents/clerk", """
                {"instructions":"You keep the calendar of the office. Look before you book, say what you are going to do, and ask whenever two appointments overlap or somebody outside the office is invited.",
                 "tools":["calendar","ask_user"],"approval":"readonly","stepLimit":12}""");
        put(api, "/api/agents/researcher", """
                {"instructions":"Find what is known, and say where it stands.","tools":["files"],"approval":"auto","temperature":0.2,"historyMessages":40}""");
        var provider = api.post("/api/providers", """
                        {"name":"Our gateway","kind":"openai","key":"sk-one","baseUrl":"%s"}""".formatted(cluster.providerUrl()))
                .expect(201)
                .json()
                .path("id")
                .asText();
        put(api, "/api/tiers/smart", """
                {"provider":"%1$s","model":"scripted","fallback":{"provider":"%1$s","model":"scripted"}}""".formatted(provider));
        put(api, "/api/tiers/fast", "{\"provider\":\"" + provider + "\",\"model\":\"scripted\"}");
    }

    private static void put(Api api, String path, String body) {
        api.send("PUT", path, Map.of("content-type", "application/json"), body).expect(200);
    }

    private static void keys(Api api) {
        api.post(
                        "/api/keys",
                        "{\"name\":\"Ann’s phone\",\"subject\":\"ann\",\"role\":\"member\",\"scopes\":[\"chat\"],\"expiresAt\":\"2099-12-31T00:00:00Z\"}")
                .expect(201);
        var old = api.post(
                        "/api/keys",
                        "{\"name\":\"Nightly report\",\"subject\":\"reporting@example.com\",\"role\":\"viewer\",\"scopes\":[\"chat\",\"ops\"]}")
                .expect(201)
                .json()
                .path("id")
                .asText();
        api.delete("/api/keys/" + old);
    }

    private static void conversations(Api api) {
        for (var text : List.of("Which port does the broker use?", "Summarise the minutes of Monday’s meeting")) {
            end(api, thread(), message(text));
        }
        var picture = api.upload("floor-plan.png", "image/png", floorPlan());
        var minutes = api.upload("minutes-of-monday.md", "text/markdown", "# Minutes".getBytes(UTF_8));
        talk = thread();
        end(api, talk, message("What is Continuo?", picture, minutes));
        run = end(api, talk, byClerk(message("tool:calendar__look {\"n\":7} then think:12 many:40")));
        end(
                api,
                talk,
                message("say:- [x] **one** with `code`\n- [ ] two\n\n> quoted, with [a link](https://example.com)"));
        end(api, talk, message("fail:400"));
        asking = thread();
        var asked = begin(api, asking, byClerk(message("tool:calendar__book {\"n\":12}")));
        Await.until("it asks", SOON, () -> api.run(asked).path("state").asText().equals("requires_action"));
        busy = thread();
        // Longer than four looks take, and within what a run may take in all.
        atWork.add(begin(api, busy, message("slow:1600x500")));
        atWork.add(begin(
                api, busy, message("And then write to everybody who is invited: in short words, and with the place.")));
        atWork.add(begin(api, busy, message("", api.upload("guests.csv", "text/csv", "name\nAnn".getBytes(UTF_8)))));
    }

    private static String thread() {
        return "t-" + UUID.randomUUID();
    }

    /** Returns the run. */
    private static String begin(Api api, String thread, ObjectNode message) {
        return api.post("/api/threads/" + thread + "/messages", message.toString())
                .expect(202)
                .json()
                .path("runId")
                .asText();
    }

    private static String end(Api api, String thread, ObjectNode message) {
        var begun = begin(api, thread, message);
        api.awaitEnd(begun, SOON);
        return begun;
    }

    private static ObjectNode message(String text, String... files) {
        var root = JsonNodeFactory.instance.objectNode();
        var parts = root.putObject("message").put("role", "user").putArray("parts");
        for (var file : files) {
            parts.addObject().put("type", "file").put("url", file);
        }
        if (!text.isEmpty()) {
            parts.addObject().put("type", "text").put("text", text);
        }
        return root;
    }

    private static ObjectNode byClerk(ObjectNode message) {
        return message.put("agent", "clerk");
    }

    private static byte[] floorPlan() {
        var image = new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(new Color(0xf4efe4));
        pen.fillRect(0, 0, 320, 200);
        pen.setColor(new Color(0x4a63c0));
        pen.drawRect(20, 20, 180, 120);
        pen.drawRect(200, 20, 90, 160);
        pen.dispose();
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A month that nobody has to wait for. */
    private static void usage(Cluster cluster, String organisation) {
        try (var connection = new Database(cluster.postgres(), "continuo")
                        .dataSource()
                        .getConnection();
                var insert = connection.prepareStatement("""
                        insert into usage_beside (org_id, subject, day, model, agent, kind, runs, calls, untold, input,
                          output, reasoning, cached)
                        select org_id, 'ann', current_date - d, case when d % 3 = 0 then 'large-model' else 'scripted' end,
                          case when d % 2 = 0 then 'clerk' else 'researcher' end, 'answer', d, d * 2, 0,
                          4000 + d * d * 90, 900 + d * 70, d * 9, d * 100
                        from organisations, generate_series(1, 28) d where name = ?""")) {
            insert.setString(1, organisation);
            assertThat(insert.executeUpdate()).isEqualTo(28);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
