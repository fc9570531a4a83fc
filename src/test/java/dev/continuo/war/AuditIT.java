package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({WarServer.class, ArquillianExtension.class})
class AuditIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private final String organisation = "audited-" + UUID.randomUUID();
    private final Api admin = new Api(WarServer.url(), key("boss", "admin"));

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    private String key(String subject, String role) {
        return Sender.key("""
                {"name":"x","subject":"%s","role":"%s","scopes":["chat","ops","keys","catalog"],"organisation":"%s"}
                """.formatted(subject, role, organisation)).key();
    }

    private List<JsonNode> audit() {
        var all = new ArrayList<JsonNode>();
        String next = "";
        do {
            var page = admin.get("/api/admin/audit?limit=2" + (next.isEmpty() ? "" : "&cursor=" + next))
                    .expect(200)
                    .json();
            page.path("items").forEach(all::add);
            next = page.path("next").asText("");
        } while (!next.isEmpty());
        return all.reversed();
    }

    /** Does it under a request id of its own, and returns that. */
    private String doing(List<String> ids, String method, String path, String body) {
        var id = "r-" + UUID.randomUUID();
        ids.add(id);
        var headers = new java.util.HashMap<>(Map.of("x-request-id", id));
        if (!body.isEmpty()) {
            headers.putAll(JSON);
        }
        var reply = admin.send(method, path, headers, body);
        assertThat(reply.status())
                .as(method + " " + path + " → " + reply.body())
                .isBetween(200, 299);
        return reply.body();
    }

    @Test
    void every_administrative_action_is_one_row_with_who_what_which_and_the_request() throws Exception {
        var json = new com.fasterxml.jackson.databind.ObjectMapper();
        var ids = new ArrayList<String>();
        var key = json.readTree(doing(ids, "POST", "/api/keys", "{\"name\":\"secret name\"}"))
                .path("id")
                .asText();
        doing(ids, "DELETE", "/api/keys/" + key, "");
        var provider = json.readTree(doing(ids, "POST", "/api/providers", """
                {"name":"own","kind":"openai","key":"sk-canary","baseUrl":"%s"}
                """.formatted(WarServer.providerUrl())))
                .path("id")
                .asText();
        doing(ids, "PATCH", "/api/providers/" + provider, "{\"name\":\"other\"}");
        doing(ids, "PUT", "/api/tiers/fast", "{\"provider\":\"" + provider + "\",\"model\":\"scripted\"}");
        doing(ids, "PUT", "/api/agents/poet", "{\"instructions\":\"Rhyme canary.\"}");
        var run = admin.say("t", "m", "hang:1").path("runId").asText();
        doing(ids, "POST", "/api/runs/" + run + "/cancel", "");
        admin.awaitEnd(run, SOON);
        var stopped = admin.say("t", "m2", "hang:1").path("runId").asText();
        doing(ids, "POST", "/api/chat/t/stop", "");
        admin.awaitEnd(stopped, SOON);
        admin.post("/api/chat/t/stop", "").expect(204);
        assertThat(admin.cancel(stopped).status()).as("too late, and no row").isEqualTo(409);
        doing(ids, "DELETE", "/api/threads/t", "");
        doing(ids, "DELETE", "/api/agents/poet", "");
        doing(ids, "DELETE", "/api/tiers/fast", "");
        doing(ids, "DELETE", "/api/providers/" + provider, "");

        var rows = audit();
        assertThat(rows)
                .extracting(r -> r.path("action").asText())
                .containsExactly(
                        "key.create",
                        "key.revoke",
                        "provider.create",
                        "provider.change",
                        "tier.set",
                        "agent.set",
                        "run.cancel",
                        "run.cancel",
                        "thread.delete",
                        "agent.delete",
                        "tier.delete",
                        "provider.delete");
        assertThat(rows).extracting(r -> r.path("requestId").asText()).containsExactlyElementsOf(ids);
        assertThat(rows).extracting(r -> r.path("subject").asText()).containsOnly("boss");
        assertThat(rows.get(0).path("target").asText()).isEqualTo(key);
        assertThat(rows.get(6).path("target").asText()).isEqualTo(run);
        assertThat(rows.get(7).path("target").asText()).isEqualTo(stopped);
        assertThat(rows.toString()).doesNotContain("canary", "secret name", "hang:");
    }

    @Test
    void what_was_refused_left_no_row_and_only_admins_of_the_organisation_read_any() {
        assertThat(admin.delete("/api/keys/" + UUID.randomUUID()).status()).isEqualTo(404);
        var member = new Api(WarServer.url(), key("ann", "member"));
        assertThat(member.send("PUT", "/api/agents/a", JSON, "{\"instructions\":\"x\"}")
                        .status())
                .isEqualTo(403);
        assertThat(audit()).isEmpty();
        assertThat(member.get("/api/admin/audit").code()).isEqualTo("admin_only");
        admin.send("PUT", "/api/agents/a", JSON, "{\"instructions\":\"x\"}").expect(200);
        assertThat(audit()).hasSize(1);
        var elsewhere = new AuditIT();
        assertThat(elsewhere.audit()).isEmpty();
        admin.post("/api/keys", "{\"name\":\"k\"}").expect(201);
        assertThat(filtered("action=agent")).containsExactly("agent.set");
        assertThat(filtered("action=key.create")).containsExactly("key.create");
        assertThat(filtered("action=key.creat")).isEmpty();
        assertThat(filtered("subject=boss")).containsExactly("key.create", "agent.set");
        assertThat(filtered("subject=ann")).isEmpty();
        var odd = admin.get("/api/admin/audit?action=Key");
        assertThat(odd.status() + " " + odd.code()).isEqualTo("400 bad_value");
        var bad = admin.get("/api/admin/audit?cursor=x");
        assertThat(bad.status() + " " + bad.code()).isEqualTo("400 bad_cursor");
    }

    private List<String> filtered(String query) {
        return admin.get("/api/admin/audit?" + query).expect(200).json().findValuesAsText("action");
    }
}
