package dev.continuo.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Everything;
import dev.continuo.testkit.Ports;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of the administration, each test in an organisation of its own. */
class AdministrationIT extends InBrowser {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static int port;
    private static Child everything;

    /** From where on the page has asked for the log of a run, each time. */
    private static final String ASKED_FOR = """
            return performance.getEntriesByType('resource').map(e => new URL(e.name))
              .filter(u => u.pathname.endsWith('/log')).map(u => u.searchParams.get('cursor') ?? 'the beginning')""";

    /** Breaks off the next request about a run. */
    private static final String FAIL_ONCE = """
            const usual = window.fetch;
            window.fetch = (...asked) => {
              if (!String(asked[0]).startsWith('/api/runs/')) return usual(...asked);
              window.fetch = usual;
              window.knownAtFailure = document.querySelectorAll('.events li').length;
              return Promise.reject(new TypeError('cut'));
            };
            """;

    private final String organisation = "o-" + UUID.randomUUID();
    private Api admin;
    private Console page;

    @BeforeEach
    void an_admin_of_a_new_organisation() {
        var key = key("boss", "admin", "\"chat\",\"ops\",\"keys\",\"catalog\"");
        admin = cluster.api(1).as(key);
        page = Console.open(driver(), cluster.node(1).url(), key);
    }

    private String key(String subject, String role, String scopes) {
        return cluster.api(1)
                .post("/api/keys", """
                        {"name":"t","subject":"%s","role":"%s","scopes":[%s],"organisation":"%s"}
                        """.formatted(subject, role, scopes, organisation))
                .expect(201)
                .json()
                .path("key")
                .asText();
    }

    private static int tools() {
        if (everything == null) {
            port = Ports.free();
            everything = Everything.http(port);
        }
        return port;
    }

    @AfterAll
    static void no_tools_any_more() {
        if (everything != null) {
            everything.close();
        }
    }

    @Test
    void a_server_is_added_and_probed_an_agent_gets_it_and_answers_in_the_chat() {
        page.admin("tools");
        page.click(".page-actions .primary");
        page.type(".form [name=name]", "files");
        page.type(".form [name=url]", "ftp://nowhere");
        page.click(".form [type=submit]");
        page.awaitShown(".form .problem");
        assertThat(page.text(".form .problem"))
                .isEqualTo(admin.send(
                                "PUT",
                                "/api/mcp-servers/files",
                                Map.of("content-type", "application/json"),
                                "{\"transport\":\"http\",\"url\":\"ftp://nowhere\"}")
                        .expect(400)
                        .json()
                        .path("detail")
                        .asText());
        assertThat(page.js("return document.activeElement.name")).isEqualTo("url");
        page.retype(".form [name=url]", "http://127.0.0.1:" + tools() + "/mcp");
        page.pick(".form [name=auth]", "bearer");
        page.type(".form [name=bearer]", "canary-of-the-page");
        page.click(".form [type=submit]");
        page.awaitText(".row strong", "files");
        assertThat(page.texts(".row .pill")).containsExactly("http", "bearer is set");
        page.click("[aria-label='Probe files']");
        page.await(".found");
        assertThat(page.texts(".found code")).contains("echo", "get-sum").isSorted();
        assertThat(page.js("return document.body.innerHTML.includes('canary')")).isEqualTo(false);

        page.admin("agents");
        page.click(".page-actions .primary");
        page.type(".form [name=id]", "clerk");
        page.type(".form [name=instructions]", "Add.");
        page.click(".form [name=tools][value=files]");
        page.pick(".form [name=approval]", "auto");
        page.click(".form [type=submit]");
        page.awaitText("#admin-status", "Agent clerk is saved.");
        assertThat(admin.get("/api/agents").json().toString())
                .contains("\"id\":\"clerk\",\"instructions\":\"Add.\"", "\"approval\":\"auto\",\"tools\":[\"files\"]");
        page.click("[aria-label='Edit clerk']");
        page.retype(".form [name=stepLimit]", "5");
        page.click(".form [type=submit]");
        page.until(
                "five steps",
                "return [...document.querySelectorAll('.row-facts')].some(f => f.textContent.includes('at most 5 steps'))");

        page.click(".brand");
        page.await("#agent option[value=clerk]");
        page.pick("#agent", "clerk");
        page.send("tool:files__get-sum {\"a\":2,\"b\":40}");
        page.awaitState(1, "completed");
        assertThat(page.text(".tool pre[aria-label=Result]")).contains("42");

        page.admin("agents");
        page.click("[aria-label='Delete clerk']");
        page.click("#confirm [value=yes]");
        page.awaitText("#admin-status", "Agent clerk is deleted.");
        page.admin("tools");
        page.click("[aria-label='Delete files']");
        page.click("#confirm [value=no]");
        assertThat(page.count(".row")).isEqualTo(1);
        page.click("[aria-label='Delete files']");
        page.click("#confirm [value=yes]");
        page.awaitCount(".row", 0);
        assertThat(admin.get("/api/mcp-servers").json().path("items")).isEmpty();
    }

    @Test
    void a_provider_is_added_with_a_key_that_is_never_shown_and_a_tier_points_to_it() {
        page.admin("providers");
        assertThat(page.text(".row strong")).isEqualTo("The server’s own");
        page.click(".page-actions .primary");
        page.type(".form [name=name]", "own");
        page.type(".form [name=key]", "sk-canary-of-the-page");
        page.type(".form [name=baseUrl]", cluster.providerUrl());
        page.click(".form [type=submit]");
        page.awaitText("#admin-status", "own is saved: its models are listed.");
        assertThat(page.texts(".row .pill")).contains("openai", "key is set", "its models are listed");
        assertThat(page.text(".row-text")).contains("scripted");
        assertThat(page.js("return document.body.innerHTML.includes('canary')")).isEqualTo(false);

        page.click("[aria-label='Set smart']");
        page.type(".form [name=model]", "scripted");
        page.click(".form [type=submit]");
        page.awaitText("#admin-status", "Tier smart is saved.");
        page.click("[aria-label='Delete own']");
        page.click("#confirm [value=yes]");
        page.awaitClass("#admin-status", "bad");
        assertThat(page.text("#admin-status")).isEqualTo(refusedDeletion());
        page.click("[aria-label='Remove smart']");
        page.click("#confirm [value=yes]");
        page.awaitText("#admin-status", "Tier smart is removed.");
        page.click("[aria-label='Delete own']");
        page.click("#confirm [value=yes]");
        page.awaitText("#admin-status", "own is deleted.");
        assertThat(page.text(".row strong")).isEqualTo("The server’s own");
    }

    @Test
    void a_tier_falls_back_to_a_second_model_as_long_as_one_is_chosen() {
        var own = admin.post("/api/providers", """
                        {"name":"own","kind":"openai","key":"sk-one","baseUrl":"%s","models":["scripted","second"]}""".formatted(cluster.providerUrl()))
                .expect(201)
                .json()
                .path("id")
                .asText();
        page.admin("providers");
        page.click("[aria-label='Set smart']");
        assertThat(page.shown(".form [name=otherModel]")).isFalse();
        page.type(".form [name=model]", "scripted");
        page.pick(".form [name=otherProvider]", own);
        page.awaitShown(".form [name=otherModel]");
        page.type(".form [name=otherModel]", "third");
        page.click(".form [type=submit]");
        page.awaitFocus(".form [name=otherModel]");
        assertThat(page.text(".form .problem")).contains("lists no such model");
        page.retype(".form [name=otherModel]", "second");
        page.pick(".form [name=thinking]", "high");
        page.click(".form [type=submit]");
        page.awaitText("#admin-status", "Tier smart is saved.");
        assertThat(page.texts(".row-facts")).contains("scripted at own · else second at own · asked to think: high");
        assertThat(smart().path("fallback").toString())
                .isEqualTo("{\"provider\":\"" + own + "\",\"model\":\"second\"}");

        page.click("[aria-label='Change smart']");
        assertThat(page.js("return document.querySelector('.form [name=otherModel]').value"))
                .isEqualTo("second");
        page.pick(".form [name=otherProvider]", "");
        page.click(".form [type=submit]");
        page.until(
                "no second model",
                "return [...document.querySelectorAll('.row-facts')].some(f => f.textContent === 'scripted at own · asked to think: high')");
        assertThat(smart().path("thinking").asText()).as("kept").isEqualTo("high");
        assertThat(smart().path("model").asText()).isEqualTo("scripted");
        assertThat(smart().has("fallback")).isFalse();
    }

    private JsonNode smart() {
        for (var tier : admin.get("/api/tiers").expect(200).json().path("items")) {
            if (tier.path("id").asText().equals("smart")) {
                return tier;
            }
        }
        throw new AssertionError("there is no tier smart");
    }

    @Test
    void a_server_that_is_a_process_on_the_node_is_added_by_the_name_that_its_operator_allows() {
        Everything.command();
        page.admin("tools");
        page.click(".page-actions .primary");
        page.type(".form [name=name]", "local");
        page.pick(".form [name=transport]", "stdio");
        assertThat(page.shown(".form [name=url]")).isFalse();
        page.type(".form [name=command]", "sh");
        page.click(".form [type=submit]");
        page.awaitShown(".form .problem");
        assertThat(page.text(".form .problem")).contains("everything");
        assertThat(page.js("return document.activeElement.name")).isEqualTo("command");
        page.retype(".form [name=command]", "everything");
        page.type(".form [name=args]", "stdio");
        page.click(".form [type=submit]");
        page.awaitText("#admin-status", "local is saved.");
        assertThat(page.texts(".row .pill")).containsExactly("stdio");
        assertThat(page.text(".row-facts")).startsWith("everything stdio · ");
        page.click("[aria-label='Probe local']");
        page.await(".found");
        assertThat(page.texts(".found code")).contains("echo", "get-sum");
    }

    @Test
    void the_audit_is_read_page_by_page_and_by_kind_and_person() {
        for (int i = 1; i <= 52; i++) {
            admin.send(
                            "PUT",
                            "/api/agents/a" + i,
                            Map.of("content-type", "application/json"),
                            "{\"instructions\":\"Help.\"}")
                    .expect(200);
        }
        admin.as(key("eve", "admin", "\"chat\",\"catalog\""))
                .delete("/api/agents/a7")
                .expect(204);
        page.admin("audit");
        page.awaitCount(".grid tbody tr", 50);
        assertThat(page.texts(".grid tbody tr:first-child td")).contains("eve", "agent.delete", "a7");
        page.click(".more-row button");
        page.until("all of it", "return !document.querySelector('.more-row')");
        page.awaitFocus(".grid tbody tr:nth-child(51)");
        var all = admin.get("/api/admin/audit?limit=200").expect(200).json().path("items");
        assertThat(page.texts(".grid td:nth-child(3)"))
                .hasSizeGreaterThanOrEqualTo(53)
                .containsExactlyElementsOf(all.findValuesAsText("action"));
        assertThat(page.texts(".grid td:nth-child(4)").subList(0, 3)).containsExactly("a7", "a52", "a51");

        page.type("[aria-label=Who]", "eve\n");
        page.awaitCount(".grid tbody tr", 1);
        page.pick("[aria-label='Kind of action']", "agent");
        page.retype("[aria-label=Who]", "boss\n");
        page.awaitCount(".grid tbody tr", 50);
        page.click(".more-row button");
        page.awaitCount(".grid tbody tr", 52);
        assertThat(page.texts(".grid td:nth-child(3)")).containsOnly("agent.set");
        assertThat(page.texts(".grid td:nth-child(2)")).containsOnly("boss");
    }

    @Test
    void the_log_of_a_run_is_read_once_to_its_end() {
        var run = admin.say("r1", "a", "slow:40x40").path("runId").asText();
        page.visit("#/admin/runs/" + run);
        page.await(".facts [data-state=completed]");
        var stored = admin.run(run).path("committedIdx").asText();
        assertThat(page.text(".events li:last-child .event-idx")).isEqualTo(stored);
        assertThat(page.js(ASKED_FOR))
                .asInstanceOf(LIST)
                .filteredOn(from -> !from.equals("the beginning"))
                .doesNotHaveDuplicates()
                .doesNotContain(stored);
    }

    private String refusedDeletion() {
        var id = admin.get("/api/providers").json().at("/items/0/id").asText();
        return admin.delete("/api/providers/" + id)
                .expect(409)
                .json()
                .path("detail")
                .asText();
    }

    @Test
    void a_key_is_shown_once_opens_what_it_is_for_and_is_revoked() {
        page.admin("keys");
        page.click(".page-actions .primary");
        page.type(".form [name=name]", "phone");
        page.type(".form [name=subject]", "ann");
        page.pick(".form [name=role]", "viewer");
        page.click(".form [type=submit]");
        page.await(".once");
        var key = page.text(".secret");
        var made = admin.as(key).get("/api/me").expect(200).json();
        assertThat(made.path("subject").asText() + " " + made.path("role").asText() + " " + made.path("scopes"))
                .isEqualTo("ann viewer [\"chat\"]");
        page.admin("usage");
        page.admin("keys");
        assertThat(page.js("return document.body.textContent.includes(arguments[0])", key))
                .isEqualTo(false);
        page.click("[aria-label='Revoke phone']");
        page.click("#confirm [value=yes]");
        page.awaitText("#admin-status", "phone is revoked.");
        assertThat(page.texts(".row.dim strong")).containsExactly("phone");
        assertThat(admin.get("/api/keys").json().toString()).contains("\"revokedAt\"");

        page.admin("audit");
        assertThat(page.texts(".grid td:nth-child(3)")).startsWith("key.revoke", "key.create");
        page.pick("[aria-label='Kind of action']", "agent");
        page.awaitText(".page .none", "Nothing of this kind was done.");
        page.pick("[aria-label='Kind of action']", "key");
        page.awaitText(".grid td:nth-child(3)", "key.revoke");
        page.type("[aria-label=Who]", "nobody\n");
        page.awaitText(".page .none", "Nothing of this kind was done.");
    }

    @Test
    void nobody_is_offered_what_their_key_may_not_do() {
        assertThat(page.offered()).containsExactly("Agents", "Providers", "Tools", "Keys", "Usage", "Audit", "Runs");
        page = Console.open(driver(), cluster.node(1).url(), key("ann", "member", "\"chat\",\"keys\""));
        assertThat(page.offered()).containsExactly("Keys", "Usage");
        page.click("[data-page=keys]");
        page.await(".page[data-page=keys] .page-actions .primary");
        page.click(".page-actions .primary");
        assertThat(page.texts(".form [name=role] option")).containsExactly("member", "viewer");
        assertThat(page.count(".form [name=subject]")).isZero();
        page.visit("#/admin/audit");
        page.awaitText("#admin-body .none", "There is no such page, or this key may not use it.");
        page = Console.open(driver(), cluster.node(1).url(), key("eve", "viewer", "\"chat\",\"keys\",\"ops\""));
        assertThat(page.offered()).containsExactly("Keys", "Usage", "Runs");
        page.click("[data-page=keys]");
        page.await(".page[data-page=keys]");
        assertThat(page.count(".page-actions button")).isZero();
    }

    @Test
    void who_signs_in_with_a_better_key_sees_the_cluster() {
        page = Console.open(driver(), cluster.node(1).url(), key("ann", "member", "\"chat\""));
        page.awaitClass("#cluster-body", "denied");
        page.click("#leave");
        page.awaitFocus("#key");
        page.type("#key", key("op", "member", "\"chat\",\"ops\"") + "\n");
        page.awaitShown(".node");
        assertThat(page.count(".denied")).isZero();
    }

    @Test
    void usage_is_drawn_by_day_and_summed_up() {
        admin.awaitEnd(admin.say("u1", "m", "many:3").path("runId").asText(), SOON);
        page.admin("usage");
        JsonNode report = admin.get("/api/usage").expect(200).json();
        assertThat(page.texts(".tile dt")).containsExactly("Runs", "Calls", "Tokens in", "Tokens out", "Cost");
        assertThat(page.text(".tile:nth-child(4) dd"))
                .isEqualTo(report.at("/total/outputTokens").asText());
        assertThat(page.count(".chart-day")).isEqualTo(30);
        assertThat(page.count(".chart-bar.out")).as("one day was used").isEqualTo(1);
        assertThat(page.text(".chart-day:last-of-type title"))
                .isIn(report.at("/byDay/0/of").asText() + ": "
                        + report.at("/total/inputTokens").asText() + " in, "
                        + report.at("/total/outputTokens").asText() + " out");
        page.pick("[aria-label=Days]", "7");
        page.awaitCount(".chart-day", 7);
        assertThat(page.texts(".sums .grid td:first-child")).contains("scripted", "default", "answer", "many:3");
    }

    @Test
    void a_run_is_found_by_its_state_read_event_by_event_released_and_cancelled() {
        var waiting = admin.say("r1", "a", "slow:3000x50").path("runId").asText();
        var done = admin.say("r2", "b", "many:2").path("runId").asText();
        admin.awaitEnd(done, SOON);
        page.admin("runs");
        page.awaitCount(".row", 2);
        page.pick("[aria-label=State]", "completed");
        page.awaitCount(".row", 1);
        page.click(".row a");
        page.await(".events li");
        assertThat(page.texts(".event-type"))
                .startsWith("start", "start-step", "text-start", "text-delta")
                .endsWith("text-end", "finish-step", "finish");
        assertThat(page.texts(".event-idx"))
                .containsExactlyElementsOf(IntStream.rangeClosed(
                                1, admin.run(done).path("committedIdx").asInt())
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(String.join("", page.texts(".event-text"))).isEqualTo("chunk-1 chunk-2 ");
        assertThat(page.text(".grid td:nth-child(2)")).isEqualTo("claim");
        assertThat(page.count(".page-head button")).as("it is over").isZero();
        page.click(".events li:nth-child(4) summary");
        assertThat(page.text(".events li:nth-child(4) pre")).contains("\"delta\": \"chunk-1 ");

        page.visit("#/admin/runs/" + waiting);
        page.await(".facts [data-state=running]");
        page.until("it grows by itself", "return document.querySelectorAll('.events li').length > 20");
        page.js(FAIL_ONCE);
        page.until("it goes on", "return document.querySelectorAll('.events li').length > window.knownAtFailure");
        page.until("the failure is over", "return document.getElementById('admin-status').hidden");
        page.pressButton("Release");
        page.click("#confirm [value=yes]");
        page.until("another epoch", "return document.querySelectorAll('[aria-label=Epochs] tbody tr').length >= 2");
        page.until(
                "events of both",
                "const e = new Set([...document.querySelectorAll('.events li')].map(l => l.dataset.epoch)); return e.size >= 1 && e.has('2')");
        page.pressButton("Cancel");
        page.click("#confirm [value=yes]");
        page.await(".facts [data-state=cancelled]");
        assertThat(admin.run(waiting).path("state").asText()).isEqualTo("cancelled");

        var operator = Console.open(driver(), cluster.node(1).url(), key("op", "member", "\"chat\",\"ops\""));
        operator.admin("runs");
        operator.click(".row a");
        operator.until(
                "what was said is not for operators",
                "return document.querySelector('.page-head p')?.textContent.startsWith('There is no such run')");
    }
}
