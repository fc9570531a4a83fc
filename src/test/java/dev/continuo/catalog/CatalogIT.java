package dev.continuo.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.continuo.catalog.Choice.Where;
import dev.continuo.egress.Egress;
import dev.continuo.identity.Audit;
import dev.continuo.secrets.Credential;
import dev.continuo.secrets.MasterKeys;
import dev.continuo.secrets.Seal;
import dev.continuo.testkit.Postgres;
import dev.continuo.web.Problem;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogIT {
    private static final String CANARY = "sk-canary-8150";
    private static final UUID ORG = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final Wish ANY = new Wish(Optional.empty(), Optional.empty(), Optional.empty());
    private static final Audit.By BY = new Audit.By(ORG, "anna", "request-1");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Jdbi jdbi;
    private HttpServer provider;
    private String answer = "{\"data\":[{\"id\":\"small\"},{\"id\":\"large\"},{\"id\":\"not a name\"}]}";
    private int status = 200;

    @BeforeEach
    void a_database_and_a_provider() throws Exception {
        jdbi = Jdbi.create(Postgres.shared().database().dataSource());
        jdbi.useHandle(h -> {
            h.execute("insert into organisations (org_id, name) values (?, 'one')", ORG);
            h.execute("insert into organisations (org_id, name) values (?, 'other')", OTHER);
        });
        provider = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        provider.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getOrDefault("Authorization", List.of())
                    + exchange.getRequestHeaders().getOrDefault("X-api-key", List.of())
                    + exchange.getRequestHeaders().getOrDefault("X-goog-api-key", List.of()));
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/");
            var body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        provider.start();
    }

    @AfterEach
    void end() {
        provider.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + provider.getAddress().getPort() + "/v1";
    }

    private static String key(int fill) {
        var bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A node with these keys. */
    private final class Node {
        final CatalogRows rows = new CatalogRows(jdbi);
        final CatalogSteps steps = new CatalogSteps(rows, new Audit(jdbi));
        final Catalog catalog;
        final Providers providers;

        Node(Seal seal) {
            var egress = Egress.allowing("127.0.0.1", "localhost");
            catalog = new Catalog(rows, seal, System::nanoTime, "gpt", "https://api.openai.com/v1");
            providers = new Providers(rows, steps, catalog, new Probe(egress), egress, seal, Clock.systemUTC());
        }

        Node(String... keys) {
            this(new Seal(MasterKeys.of(keys)));
        }

        Provider create(String kind) {
            return providers.create(new NewProvider("p-" + kind, kind, url(), null, new Credential(CANARY), null), BY);
        }

        void tier(Provider p, String model) {
            steps.put(
                    ORG, new Tier(Tier.Name.SMART, new Tier.Model(p.id(), model), Optional.empty(), Thinking.LOW), BY);
            catalog.forget(ORG);
        }
    }

    private List<String> audit() {
        return jdbi.withHandle(
                h -> h.createQuery("select action || ': ' || result || ' by ' || subject from audit order by audit_id")
                        .mapTo(String.class)
                        .list());
    }

    @ParameterizedTest
    @CsvSource({
        "openai, /v1/models [Bearer sk-canary-8150]",
        "mistral, /v1/models [Bearer sk-canary-8150]",
        "anthropic, /v1/models?limit=500 [][sk-canary-8150]"
    })
    void a_new_provider_is_asked_for_its_models_with_its_key(String kind, String request) {
        var made = new Node(key(1)).create(kind);
        assertThat(asked).singleElement().asString().startsWith(request);
        assertThat(made.probe()).isEqualTo("ok");
        assertThat(made.models()).containsExactly("small", "large");
        assertThat(audit()).containsExactly("provider.create: done by anna");
    }

    @Test
    void what_a_message_needs_and_another_node_has_just_made_is_found() {
        var here = new Node(key(1));
        var there = new Node(key(1));
        var clerk = new Wish(Optional.of("clerk"), Optional.empty(), Optional.empty());
        assertThat(there.catalog.choose(ORG, clerk).where()).isEqualTo(new Where.Nowhere("unknown_agent"));
        var tools = new AgentTools(7, AgentTools.Approval.AUTO, List.of("files"));
        here.steps.put(
                ORG,
                new Agent("clerk", "Help.", Optional.of("smart"), OptionalDouble.empty(), OptionalInt.empty(), tools),
                BY);
        assertThat(there.catalog.tools(ORG, clerk.agent())).isEqualTo(tools);
        assertThat(there.catalog.hasAgent(ORG, "clerk")).isTrue();
        assertThat(there.catalog.choose(ORG, clerk).where()).isEqualTo(new Where.Nowhere("unknown_tier"));
        here.tier(here.create("openai"), "small");
        assertThat(there.catalog.choose(ORG, clerk).where()).isInstanceOf(Where.Own.class);
        there.catalog.check(ORG, clerk, OptionalDouble.empty());
    }

    @Test
    void gemini_is_asked_its_own_way() {
        answer = "{\"models\":[{\"name\":\"models/gemini-2.5-flash\"}]}";
        assertThat(new Node(key(1)).create("gemini").models()).containsExactly("gemini-2.5-flash");
        assertThat(asked).containsExactly("/v1/models?pageSize=500 [][][" + CANARY + "]");
    }

    @ParameterizedTest
    @CsvSource({"401,key_refused", "403,key_refused", "404,refused", "500,refused", "302,refused", "200,unreadable"})
    void a_probe_that_fails_is_shown_and_the_provider_is_stored(int answered, String outcome) {
        status = answered;
        answer = "nothing";
        var made = new Node(key(1)).create("openai");
        assertThat(made.probe()).isEqualTo(outcome);
        assertThat(asked).as("no redirect is followed").hasSize(1);
    }

    @Test
    void nobody_at_home_is_unreachable() {
        provider.stop(0);
        assertThat(new Node(key(1)).create("openai").probe()).isEqualTo("unreachable");
    }

    @Test
    void the_key_is_nowhere_to_be_read_but_reaches_the_call() {
        var node = new Node(key(1));
        var made = node.create("openai");
        node.tier(made, "small");
        var dump = jdbi.withHandle(h -> h.createQuery("""
                        select p::text || encode(sealed_key, 'escape') from providers p
                        union all select a::text from audit a""").mapTo(String.class).list());
        assertThat(dump).hasSize(3).noneMatch(row -> row.contains("canary"));
        assertThat(made + " " + ProviderView.of(made)).doesNotContain("canary");
        assertThat(new NewProvider("n", "openai", null, null, new Credential(CANARY), null).toString())
                .doesNotContain("canary");
        assertThat(node.catalog.choose(ORG, ANY).where()).isInstanceOfSatisfying(Where.Own.class, own -> {
            assertThat(own.first().key()).contains(new Credential(CANARY));
            assertThat(own.first().baseUrl()).isEqualTo(url());
        });
    }

    @Test
    void a_ciphertext_moved_to_another_row_fails_the_run_instead_of_opening() {
        var node = new Node(key(1));
        var first = node.create("openai");
        var second = node.create("mistral");
        node.tier(second, "small");
        jdbi.useHandle(h -> h.execute(
                "update providers set sealed_key = (select sealed_key from providers where provider_id = ?)"
                        + " where provider_id = ?",
                first.id(),
                second.id()));
        node.catalog.forget(ORG);
        assertThat(node.catalog.choose(ORG, ANY).where()).isEqualTo(new Where.Nowhere("credential_unreadable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:%d/v1", "http://127.0.0.1:1/v1", "https://127.0.0.1:%d/v1"})
    void another_scheme_host_or_port_clears_the_key_and_the_new_place_never_sees_it(String elsewhere) {
        var node = new Node(key(1));
        var made = node.create("openai");
        node.tier(made, "small");
        asked.clear();
        var moved = node.providers.change(
                made.id(),
                new ProviderChange(
                        null, elsewhere.formatted(provider.getAddress().getPort()), null, null, null),
                BY);
        assertThat(moved.sealedKey()).isEmpty();
        assertThat(moved.probe()).isEqualTo("key_required");
        assertThat(asked).isEmpty();
        assertThat(audit()).last().isEqualTo("provider.change: done, key cleared by anna");
        assertThat(node.catalog.choose(ORG, ANY).where()).isEqualTo(new Where.Nowhere("key_required"));
        var refusal = catchThrowableOfType(Problem.class, () -> node.catalog.check(ORG, ANY, OptionalDouble.empty()));
        assertThat(refusal.status() + " " + refusal.code()).isEqualTo("409 key_required");
    }

    @Test
    void another_path_or_name_keeps_the_key_and_a_new_key_comes_with_a_new_place() {
        var node = new Node(key(1));
        var made = node.create("openai");
        var renamed = node.providers.change(
                made.id(), new ProviderChange("new", url().replace("/v1", "/v2"), null, null, null), BY);
        assertThat(renamed.sealedKey()).isPresent();
        assertThat(asked).last().isEqualTo("/v2/models [Bearer " + CANARY + "][][]");
        var moved = node.providers.change(
                made.id(),
                new ProviderChange(
                        null,
                        "http://localhost:" + provider.getAddress().getPort(),
                        null,
                        new Credential("sk-new"),
                        null),
                BY);
        assertThat(moved.sealedKey()).isPresent();
        assertThat(asked).last().isEqualTo("/models [Bearer sk-new][][]");
    }

    @Test
    void after_a_rotation_every_key_is_sealed_anew_and_the_old_one_can_go() {
        var before = new Node(key(1));
        before.tier(before.create("openai"), "small");
        var lost = new Node(key(9)).create("mistral");
        var rotated = new Node(key(2), key(1));
        assertThat(rotated.providers.reseal(BY)).isEqualTo(new Providers.Resealed(1, 1));
        assertThat(rotated.providers.reseal(BY)).isEqualTo(new Providers.Resealed(0, 1));
        assertThat(new Node(key(2)).catalog.choose(ORG, ANY).where()).isInstanceOf(Where.Own.class);
        assertThat(new Node(key(1)).catalog.choose(ORG, ANY).where())
                .isEqualTo(new Where.Nowhere("credential_unreadable"));
        assertThat(audit()).last().isEqualTo("provider.reseal: done by anna");
        assertThat(lost.sealedKey()).isPresent();
    }

    @Test
    void without_a_master_key_no_key_is_taken_and_a_provider_without_one_is() {
        var node = new Node(new Seal(MasterKeys.none()));
        var refusal = catchThrowableOfType(Problem.class, () -> node.create("openai"));
        assertThat(refusal.status() + " " + refusal.code()).isEqualTo("409 no_master_key");
        assertThat(refusal.detail()).contains("continuo.secrets.key-file");
        var made = node.providers.create(new NewProvider("own", "openai", url(), "none", null, null), BY);
        assertThat(made.probe()).isEqualTo("ok");
        assertThat(asked).containsExactly("/v1/models [][][]");
    }

    @Test
    void another_organisation_sees_and_changes_nothing() {
        var node = new Node(key(1));
        var made = node.create("openai");
        var theirs = new Audit.By(OTHER, "eve", "request-2");
        assertThat(catchThrowableOfType(Problem.class, () -> node.providers.find(OTHER, made.id()))
                        .code())
                .isEqualTo("unknown_provider");
        assertThat(catchThrowableOfType(Problem.class, () -> node.providers.delete(made.id(), theirs))
                        .code())
                .isEqualTo("unknown_provider");
        assertThat(catchThrowableOfType(
                                Problem.class, () -> new TierRequest(made.id().toString(), "small", null, null)
                                        .checked(Tier.Name.FAST, node.rows.offer(OTHER)))
                        .field())
                .contains("provider");
        assertThat(node.rows.offer(OTHER).providers()).isEmpty();
        assertThat(node.catalog.choose(OTHER, ANY).where()).isEqualTo(new Where.Configured(Optional.empty()));
    }

    @Test
    void how_hard_a_tier_thinks_is_kept_and_goes_with_its_model() {
        var node = new Node(key(1));
        node.tier(node.create("openai"), "small");
        assertThat(new Node(key(1)).catalog.choose(ORG, ANY).where())
                .isInstanceOfSatisfying(
                        Where.Own.class,
                        own -> assertThat(own.first().thinking()).isEqualTo(Thinking.LOW));
    }

    @Test
    void a_kind_that_cannot_be_asked_to_think_is_not_and_says_so() {
        var node = new Node(key(1));
        var mistral = node.create("mistral");
        assertThat(thinking(node, mistral, null).thinking()).isEqualTo(Thinking.OFF);
        assertThat(thinking(node, mistral, "off").thinking()).isEqualTo(Thinking.OFF);
        assertThat(catchThrowableOfType(Problem.class, () -> thinking(node, mistral, "low"))
                        .detail())
                .contains("mistral", "off");
    }

    private static Tier thinking(Node node, Provider provider, String wished) {
        return new TierRequest(provider.id().toString(), "small", null, wished)
                .checked(Tier.Name.THINKING, node.rows.offer(ORG));
    }

    @Test
    void a_provider_that_a_tier_needs_stays_and_a_name_is_taken_once() {
        var node = new Node(key(1));
        var made = node.create("openai");
        node.tier(made, "small");
        assertThat(catchThrowableOfType(Problem.class, () -> node.providers.delete(made.id(), BY))
                        .code())
                .isEqualTo("provider_in_use");
        assertThat(catchThrowableOfType(Problem.class, () -> node.create("openai"))
                        .code())
                .isEqualTo("name_taken");
        var other = node.create("mistral");
        var taken = new ProviderChange("p-openai", null, null, null, null);
        assertThat(catchThrowableOfType(Problem.class, () -> node.providers.change(other.id(), taken, BY))
                        .code())
                .isEqualTo("name_taken");
        assertThat(node.steps.delete(ORG, Tier.Name.SMART, BY)).isTrue();
        node.providers.delete(made.id(), BY);
        assertThat(node.rows.provider(ORG, made.id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://169.254.169.254/v1", "https://10.0.0.1", "https://[::1]/v1"})
    void an_address_of_the_inside_is_refused_when_it_is_saved(String inside) {
        var node = new Node(key(1));
        var body = new NewProvider("x", "openai", inside, null, new Credential(CANARY), null);
        var refusal = catchThrowableOfType(Problem.class, () -> node.providers.create(body, BY));
        assertThat(refusal.status() + " " + refusal.code() + " "
                        + refusal.field().orElse(""))
                .isEqualTo("400 address_refused baseUrl");
        assertThat(node.rows.offer(ORG).providers()).isEmpty();
    }

    @Test
    void agents_are_stored_as_they_are_and_each_write_has_its_audit_row() {
        var node = new Node(key(1));
        var poet = new AgentRequest("Rhyme.", "fast", 1.5, 20, 7, "readonly", List.of("files", "web")).checked("poet");
        node.steps.put(ORG, new AgentRequest("", null, null, null, null, null, null).checked("poet"), BY);
        assertThat(node.catalog.tools(ORG, Optional.of("poet"))).isEqualTo(AgentTools.NONE);
        node.steps.put(ORG, poet, BY);
        node.catalog.forget(ORG);
        assertThat(node.catalog.tools(ORG, Optional.of("poet")))
                .isEqualTo(new AgentTools(7, AgentTools.Approval.READONLY, List.of("files", "web")));
        assertThat(node.catalog.tools(OTHER, Optional.of("poet"))).isEqualTo(AgentTools.NONE);
        assertThat(node.catalog.tools(ORG, Optional.empty())).isEqualTo(AgentTools.NONE);
        assertThat(node.rows.offer(ORG).agents()).containsOnly(java.util.Map.entry("poet", poet));
        assertThat(node.steps.deleteAgent(ORG, "poet", BY)).isTrue();
        assertThat(node.steps.deleteAgent(ORG, "poet", BY)).isFalse();
        assertThat(audit())
                .containsExactly("agent.set: done by anna", "agent.set: done by anna", "agent.delete: done by anna");
    }
}
