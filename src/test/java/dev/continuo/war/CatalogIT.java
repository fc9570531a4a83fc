package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Api.Reply;
import dev.continuo.testkit.Await;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each test in an organisation of its own, so that the others keep the server's provider. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class CatalogIT {
    private static final String CANARY = "sk-canary-of-the-war";

    private final Api root = new Api(WarServer.url(), WarServer.API_KEY);
    private final String organisation = "org-" + UUID.randomUUID();
    private Api admin;

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @BeforeEach
    void an_admin_of_a_new_organisation() {
        Await.until(
                "the node is ready",
                Duration.ofSeconds(60),
                () -> root.get("/health/ready").status() == 200);
        admin = caller("admin", "\"chat\",\"catalog\",\"keys\"");
    }

    private Api caller(String role, String scopes) {
        return root.as(root.post("/api/keys", """
                        {"name":"t","subject":"%s","role":"%s","scopes":[%s],"organisation":"%s"}
                        """.formatted(role, role, scopes, organisation))
                .expect(201)
                .json()
                .path("key")
                .asText());
    }

    private JsonNode provider(String name) {
        return admin.post("/api/providers", """
                        {"name":"%s","kind":"openai","baseUrl":"%s","key":"%s","models":["scripted","broken"]}
                        """.formatted(name, WarServer.providerUrl(), CANARY))
                .expect(201)
                .json();
    }

    private Reply put(Api api, String path, String json) {
        return api.send("PUT", path, Map.of("content-type", "application/json"), json);
    }

    private Reply say(String thread, String more) {
        return admin.post("/api/threads/" + thread + "/messages", """
                {"message":{"id":"%s","role":"user","parts":[{"type":"text","text":"many:3"}]}%s}
                """.formatted(UUID.randomUUID(), more));
    }

    private String ended(Reply accepted) {
        return admin.awaitEnd(accepted.expect(202).json().path("runId").asText(), Duration.ofSeconds(60))
                .path("state")
                .asText();
    }

    @Test
    void an_own_provider_answers_by_its_tier_with_an_agent_s_instructions() {
        var made = provider("own");
        assertThat(made.path("key").asText()).isEqualTo("set");
        assertThat(made.toString()).doesNotContain(CANARY);
        String id = made.path("id").asText();
        put(admin, "/api/tiers/smart", "{\"provider\":\"" + id + "\",\"model\":\"scripted\"}")
                .expect(200);
        put(admin, "/api/agents/poet", "{\"instructions\":\"Rhyme.\",\"temperature\":1}")
                .expect(200);
        assertThat(ended(say("t1", ",\"agent\":\"poet\""))).isEqualTo("completed");
        assertThat(admin.messages("t1").toString()).contains("chunk-1 chunk-2 chunk-3 ");
        assertThat(admin.get("/api/providers").expect(200).body()).contains(id).doesNotContain(CANARY);
        assertThat(admin.get("/api/agents").expect(200).body()).contains("\"default\"", "\"poet\"");
        assertThat(admin.get("/api/agents/poet")
                        .expect(200)
                        .json()
                        .path("temperature")
                        .asInt())
                .isEqualTo(1);
        assertThat(admin.get("/api/agents/default")
                        .expect(200)
                        .json()
                        .path("approval")
                        .asText())
                .isEqualTo("ask");
        assertThat(admin.get("/api/agents/nobody").expect(404).code()).isEqualTo("unknown_agent");
    }

    @Test
    void a_tier_says_how_hard_it_thinks() {
        var model = "{\"provider\":\"" + provider("own").path("id").asText() + "\",\"model\":\"scripted\"%s}";
        assertThat(put(admin, "/api/tiers/thinking", model.formatted(""))
                        .expect(200)
                        .json()
                        .path("thinking")
                        .asText())
                .isEqualTo("medium");
        put(admin, "/api/tiers/smart", model.formatted(",\"thinking\":\"high\""))
                .expect(200);
        assertThat(ended(say("t5", ",\"tier\":\"smart\""))).isEqualTo("completed");
        assertThat(admin.get("/api/tiers/smart")
                        .expect(200)
                        .json()
                        .path("thinking")
                        .asText())
                .isEqualTo("high");
        assertThat(admin.get("/api/tiers/fast").expect(404).code()).isEqualTo("unknown_tier");
        assertThat(admin.get("/api/tiers").expect(200).json().path("items").findValuesAsText("thinking"))
                .containsExactly("high", "medium");
    }

    @Test
    void a_tier_s_second_model_answers_where_the_first_is_away_and_both_calls_are_counted() {
        var away =
                admin.post("/api/providers", """
                        {"name":"away","kind":"openai","baseUrl":"http://127.0.0.1:1/v1","key":"k","models":["gone"]}
                        """).expect(201).json().path("id").asText();
        var own = provider("own").path("id").asText();
        put(admin, "/api/tiers/smart", """
                {"provider":"%s","model":"gone","fallback":{"provider":"%s","model":"scripted"}}
                """.formatted(away, own)).expect(200);

        var sent = say("t6", "");
        assertThat(ended(sent)).isEqualTo("completed");
        assertThat(admin.messages("t6").toString()).contains("chunk-1 chunk-2 chunk-3 ");
        var run = admin.get("/api/runs/" + sent.json().path("runId").asText())
                .expect(200)
                .json();
        var attempts = run.path("attempts");
        assertThat(attempts.findValuesAsText("model")).containsExactly("gone", "scripted");
        assertThat(attempts.findValuesAsText("outcome")).containsExactly("failed", "answered");
        assertThat(attempts.path(0).has("usage") || attempts.path(0).has("cost"))
                .isFalse();
        long output = attempts.path(1).path("usage").path("outputTokens").asLong();
        assertThat(output).isPositive();
        assertThat(attempts.path(1).path("cost").decimalValue()).isGreaterThanOrEqualTo(BigDecimal.valueOf(output));
        assertThat(run.path("spent").path("calls").asInt()).isEqualTo(2);
        assertThat(run.path("spent").path("untold").asInt()).isEqualTo(1);
        assertThat(run.path("spent").path("outputTokens").asLong()).isEqualTo(output);

        var thread = admin.get("/api/threads/t6").expect(200).json().path("usage");
        assertThat(thread).isEqualTo(run.path("spent"));
        var listed = admin.get("/api/usage/threads?limit=1").expect(200).json();
        assertThat(listed.path("items").findValuesAsText("threadId")).containsExactly("t6");
        assertThat(listed.path("items").path(0).path("usage")).isEqualTo(thread);
        var organisation = admin.get("/api/usage").expect(200).json();
        assertThat(organisation.path("byModel").findValuesAsText("of")).containsExactly("gone", "scripted");
        assertThat(organisation.path("total").path("calls").asInt()).isEqualTo(2);
        assertThat(caller("member", "\"chat\"")
                        .get("/api/usage/threads")
                        .expect(200)
                        .json()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void what_is_unknown_is_refused_before_it_is_accepted() {
        var id = provider("own").path("id").asText();
        put(admin, "/api/tiers/smart", "{\"provider\":\"" + id + "\",\"model\":\"scripted\"}")
                .expect(200);
        for (var wrong : new String[] {"agent", "tier", "model"}) {
            var refused = say("t2", ",\"" + wrong + "\":\"bogus\"").expect(400);
            assertThat(refused.code() + " " + refused.json().path("field").asText())
                    .isEqualTo("bad_value " + wrong);
        }
        admin.post("/api/chat", """
                {"id":"t2","message":{"id":"m","role":"user","parts":[{"type":"text","text":"hi"}]},"tier":"fast"}
                """).expect(400);
        assertThat(admin.get("/api/threads/t2/messages").status()).isEqualTo(404);
    }

    @Test
    void a_message_that_was_accepted_is_known_again_when_its_agent_is_gone() {
        put(admin, "/api/agents/poet", "{\"instructions\":\"Rhyme.\"}").expect(200);
        var message = """
                {"message":{"id":"once","role":"user","parts":[{"type":"text","text":"many:1"}]},"agent":"poet"}
                """;
        var first = admin.post("/api/threads/t4/messages", message);
        ended(first);
        admin.delete("/api/agents/poet").expect(204);
        var again = admin.post("/api/threads/t4/messages", message).expect(202);
        assertThat(again.json().path("runId")).isEqualTo(first.json().path("runId"));
        assertThat(admin.post("/api/threads/t4/messages", message.replace("once", "twice"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_provider_that_moved_has_no_key_and_says_so() {
        var id = provider("own").path("id").asText();
        put(admin, "/api/tiers/smart", "{\"provider\":\"" + id + "\",\"model\":\"scripted\"}")
                .expect(200);
        var moved = admin.patch(
                        "/api/providers/" + id,
                        "{\"baseUrl\":\"" + WarServer.providerUrl().replace("127.0.0.1", "localhost") + "\"}")
                .expect(200)
                .json();
        assertThat(moved.path("key").asText() + " " + moved.path("probe").asText())
                .isEqualTo("missing key_required");
        assertThat(say("t3", "").expect(409).code()).isEqualTo("key_required");
        admin.patch("/api/providers/" + id, "{\"key\":\"" + CANARY + "\"}").expect(200);
        assertThat(ended(say("t3", ""))).isEqualTo("completed");
    }

    @Test
    void only_admins_with_the_scope_change_what_answers() {
        var id = provider("own").path("id").asText();
        var member = caller("member", "\"chat\",\"catalog\"");
        var chatting = caller("admin", "\"chat\"");
        for (var path : new String[] {"/api/tiers/smart", "/api/agents/a"}) {
            var body = path.contains("tiers")
                    ? "{\"provider\":\"" + id + "\",\"model\":\"scripted\"}"
                    : "{\"instructions\":\"x\"}";
            assertThat(put(member, path, body).expect(403).code()).isEqualTo("admin_only");
            assertThat(put(chatting, path, body).expect(403).code()).isEqualTo("missing_scope");
            assertThat(member.delete(path).expect(403).code()).isEqualTo("admin_only");
        }
        assertThat(member.delete("/api/providers/" + id).expect(403).code()).isEqualTo("admin_only");
        assertThat(member.patch("/api/providers/" + id, "{}").expect(403).code())
                .isEqualTo("admin_only");
        assertThat(member.post("/api/admin/seals", "").expect(403).code()).isEqualTo("missing_scope");
        assertThat(member.get("/api/providers").expect(200).body()).contains(id);
        assertThat(root.get("/api/providers/" + id).expect(404).code()).isEqualTo("unknown_provider");
        assertThat(root.get("/api/providers").expect(200).body()).doesNotContain(id);
        assertThat(root.post("/api/admin/seals", "").expect(200).json().toString())
                .isEqualTo("{\"resealed\":0,\"unreadable\":0}");
    }

    @Test
    void bad_bodies_are_told_what_is_wrong_and_never_repeat_a_key() {
        record Row(String body, String code, String field) {}
        for (var row : new Row[] {
            new Row("{}", "missing_field", "name"),
            new Row("{\"name\":\"x\"}", "missing_field", "kind"),
            new Row("{\"name\":\"x\",\"kind\":\"x\"}", "bad_value", "kind"),
            new Row("{\"name\":\"\",\"kind\":\"openai\"}", "bad_value", "name"),
            new Row("{\"name\":\"x\",\"kind\":\"openai\",\"key\":\"\"}", "bad_value", "key"),
            new Row("{\"name\":\"x\",\"kind\":\"openai\",\"key\":\"" + CANARY + " x\"}", "bad_value", "key"),
            new Row("{\"name\":\"x\",\"kind\":\"openai\",\"key\":[\"" + CANARY + "\"]}", "wrong_type", "key"),
            new Row("{\"name\":\"x\",\"kind\":\"openai\",\"auth\":\"x\"}", "bad_value", "auth"),
            new Row("{\"name\":\"x\",\"kind\":\"openai\",\"models\":[\"a b\"]}", "bad_value", "models"),
            new Row("{\"name\":\"x\",\"kind\":\"openai\",\"secret\":1}", "unknown_field", "secret"),
            new Row("{\"name\":\"x\",\"kind\":\"openai\",\"baseUrl\":\"ftp://x\"}", "bad_base_url", "baseUrl"),
            new Row(
                    "{\"name\":\"x\",\"kind\":\"openai\",\"key\":\"" + CANARY
                            + "\",\"baseUrl\":\"https://169.254.169.254/latest\"}",
                    "address_refused",
                    "baseUrl")
        }) {
            var refused = admin.post("/api/providers", row.body()).expect(400);
            assertThat(refused.code() + " " + refused.json().path("field").asText())
                    .as(row.body())
                    .isEqualTo(row.code() + " " + row.field());
            assertThat(refused.body()).doesNotContain(CANARY);
        }
        assertThat(put(admin, "/api/tiers/huge", "{}").expect(404).code()).isEqualTo("unknown_tier");
        assertThat(put(admin, "/api/tiers/fast", "{\"provider\":\"x\",\"model\":\"m\"}")
                        .expect(400)
                        .code())
                .isEqualTo("bad_value");
        var thinking = put(
                        admin,
                        "/api/tiers/fast",
                        "{\"provider\":\"" + provider("own").path("id").asText()
                                + "\",\"model\":\"scripted\",\"thinking\":\"huge\"}")
                .expect(400);
        assertThat(thinking.code() + " " + thinking.json().path("field").asText())
                .isEqualTo("bad_value thinking");
        assertThat(put(admin, "/api/agents/a%20b", "{\"instructions\":\"x\"}")
                        .expect(400)
                        .code())
                .isEqualTo("bad_id");
        assertThat(put(admin, "/api/agents/a", "{\"instructions\":\"x\",\"temperature\":3}")
                        .expect(400)
                        .code())
                .isEqualTo("bad_value");
    }

    @Test
    void no_log_line_holds_a_key() throws IOException {
        provider("own");
        try (var files = Files.walk(Path.of("target", "war-server"))) {
            for (var log : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                assertThat(Files.readString(log)).as(log.toString()).doesNotContain(CANARY);
            }
        }
    }
}
