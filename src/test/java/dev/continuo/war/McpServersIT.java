package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Api.Reply;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Everything;
import dev.continuo.testkit.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** MCP servers over HTTP; each test in an organisation of its own. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class McpServersIT {
    private static final String CANARY = "bearer-canary-of-the-war";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String FILES = "/api/mcp-servers/files";

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
        admin = caller("admin", "\"chat\",\"catalog\"");
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

    private static Reply put(Api api, String path, String json) {
        return api.send("PUT", path, Map.of("content-type", "application/json"), json);
    }

    private JsonNode put(String json) {
        return put(admin, FILES, json).expect(200).json();
    }

    @Test
    void a_server_is_made_listed_changed_and_deleted_and_its_bearer_is_never_read() {
        var made = put(
                "{\"transport\":\"http\",\"url\":\"https://Tools.example.com/mcp/\",\"bearer\":\"" + CANARY + "\"}");
        assertThat(made.toString())
                .isEqualTo("{\"name\":\"files\",\"transport\":\"http\",\"url\":\"https://tools.example.com/mcp\","
                        + "\"bearer\":\"set\",\"timeoutSeconds\":60}");
        assertThat(admin.get(FILES).expect(200).json()).isEqualTo(made);
        assertThat(put("{\"transport\":\"http\",\"url\":\"https://tools.example.com/other\",\"timeoutSeconds\":5,"
                                + "\"allowedTools\":[\"b\",\"a\"],\"outputBytes\":8192}")
                        .toString())
                .isEqualTo(
                        "{\"name\":\"files\",\"transport\":\"http\",\"url\":\"https://tools.example.com/other\","
                                + "\"bearer\":\"set\",\"timeoutSeconds\":5,\"allowedTools\":[\"b\",\"a\"],\"outputBytes\":8192}");
        assertThat(put("{\"transport\":\"http\",\"url\":\"https://elsewhere.example.com/other\"}")
                        .path("bearer")
                        .asText())
                .as("after a move")
                .isEqualTo("missing");
        put("{\"transport\":\"http\",\"url\":\"https://elsewhere.example.com/other\",\"bearer\":\"" + CANARY + "\"}");
        assertThat(put("{\"transport\":\"http\",\"url\":\"https://elsewhere.example.com:8443/other\"}")
                        .path("bearer")
                        .asText())
                .isEqualTo("missing");
        assertThat(put("{\"transport\":\"http\",\"url\":\"https://elsewhere.example.com:8443/x\",\"auth\":\"none\"}")
                        .path("bearer")
                        .asText())
                .isEqualTo("none");
        assertThat(put("{\"transport\":\"stdio\",\"command\":\"everything\",\"args\":[\"stdio\"]}")
                        .toString())
                .isEqualTo("{\"name\":\"files\",\"transport\":\"stdio\",\"bearer\":\"none\",\"command\":\"everything\","
                        + "\"args\":[\"stdio\"],\"timeoutSeconds\":60}");
        assertThat(admin.get("/api/mcp-servers").expect(200).json().path("items"))
                .hasSize(1);
        admin.delete(FILES).expect(204);
        assertThat(admin.delete(FILES).expect(404).code()).isEqualTo("unknown_mcp_server");
        var audit = WarServer.jdbi().withHandle(h -> h.createQuery("""
                        select action || ': ' || result from audit where action like 'mcp-server.%'
                          and org_id = (select org_id from organisations where name = :org) order by audit_id
                        """)
                .bind("org", organisation)
                .mapTo(String.class)
                .list());
        assertThat(audit)
                .containsExactly(
                        "mcp-server.create: done",
                        "mcp-server.change: done",
                        "mcp-server.change: done, bearer cleared",
                        "mcp-server.change: done, bearer set",
                        "mcp-server.change: done, bearer cleared",
                        "mcp-server.change: done",
                        "mcp-server.change: done",
                        "mcp-server.delete: done");
    }

    @Test
    void a_probe_lists_the_tools_of_the_reference_server_over_both_transports() {
        int port = Ports.free();
        try (var everything = Everything.http(port)) {
            put("{\"transport\":\"http\",\"url\":\"http://127.0.0.1:" + port + "/mcp\",\"allowedTools\":[\"echo\"]}");
            assertTools(admin.post(FILES + "/probe", "").expect(200).json());
            put("{\"transport\":\"stdio\",\"command\":\"everything\",\"args\":[\"stdio\"]}");
            assertTools(admin.post(FILES + "/probe", "").expect(200).json());
        }
        put("{\"transport\":\"http\",\"url\":\"http://127.0.0.1:" + port + "/mcp\"}");
        var gone = admin.post(FILES + "/probe", "").expect(200).json();
        assertThat(gone.path("outcome").asText()).isEqualTo("unreachable");
        assertThat(gone.path("detail").asText()).contains("'files'").doesNotContain("Exception", "127.0.0.1");
    }

    @Test
    void a_run_of_an_agent_calls_a_tool_and_goes_on_with_what_it_said() {
        int port = Ports.free();
        try (var everything = Everything.http(port)) {
            put("{\"transport\":\"http\",\"url\":\"http://127.0.0.1:" + port + "/mcp\"}");
            put(admin, "/api/agents/clerk", """
                    {"instructions":"Add.","tools":["files"],"approval":"auto"}
                    """).expect(200);
            var run = say("t1", "tool:files__get-sum {\\\"a\\\":2,\\\"b\\\":40}");
            assertThat(admin.awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
            assertThat(admin.messages("t1").toString()).contains("files__get-sum", "is 42", "The tool has answered.");
            put(admin, "/api/agents/clerk", """
                    {"instructions":"Add.","tools":["files"],"approval":"ask"}
                    """).expect(200);
            var asking = say("t2", "tool:files__get-sum {\\\"a\\\":2,\\\"b\\\":40}");
            Await.until("a person is asked", SOON, () -> admin.get("/api/runs/" + asking)
                    .json()
                    .path("state")
                    .asText()
                    .equals("requires_action"));
            var call = admin.get("/api/runs/" + asking)
                    .json()
                    .at("/questions/0/callId")
                    .asText();
            admin.post("/api/runs/" + asking + "/answer", "{\"callId\":\"" + call + "\",\"approved\":true}")
                    .expect(202);
            assertThat(admin.awaitEnd(asking, SOON).path("state").asText()).isEqualTo("completed");
            assertThat(admin.messages("t2").toString()).contains("is 42");
        }
    }

    private String say(String thread, String text) {
        return admin.post("/api/threads/" + thread + "/messages", """
                        {"message":{"role":"user","parts":[{"type":"text","text":"%s"}]},"agent":"clerk"}
                        """.formatted(text))
                .expect(202)
                .json()
                .path("runId")
                .asText();
    }

    private static void assertTools(JsonNode probed) {
        assertThat(probed.path("outcome").asText()).as(probed.toString()).isEqualTo("ok");
        var names = StreamSupport.stream(probed.path("tools").spliterator(), false)
                .map(t -> t.path("name").asText() + " " + t.path("calledAs").asText())
                .toList();
        assertThat(names).contains("echo files__echo", "get-sum files__get-sum").isSorted();
        assertThat(probed.path("tools").get(0).path("inputSchema").path("type").asText())
                .isEqualTo("object");
    }

    @Test
    void a_server_that_agents_name_is_not_deleted_and_one_that_is_not_there_fails_their_runs_with_a_code() {
        put("{\"transport\":\"http\",\"url\":\"http://127.0.0.1:9/mcp\"}");
        for (var agent : List.of("clerk", "aide")) {
            put(admin, "/api/agents/" + agent, "{\"instructions\":\"Add.\",\"tools\":[\"files\"]}")
                    .expect(200);
        }
        var refused = admin.delete(FILES).expect(409);
        assertThat(refused.code()).isEqualTo("mcp_server_in_use");
        assertThat(refused.json().path("detail").asText()).contains("aide, clerk.");
        admin.get(FILES).expect(200);
        for (var agent : List.of("clerk", "aide")) {
            put(admin, "/api/agents/" + agent, "{\"instructions\":\"Add.\"}").expect(200);
        }
        admin.delete(FILES).expect(204);

        put(admin, "/api/agents/clerk", "{\"instructions\":\"Add.\",\"tools\":[\"files\"]}")
                .expect(200);
        var run = say("t1", "many:1");
        Await.until("it is put back to wait", SOON, () -> tries(run) > 0);
        WarServer.jdbi()
                .useHandle(h -> h.execute(
                        "update runs set trying_since = clock_timestamp() - interval '16 minutes', ready_at = clock_timestamp()"
                                + " where run_id = ? and state = 'READY'",
                        UUID.fromString(run)));
        var end = admin.awaitEnd(run, SOON);
        assertThat(end.path("state").asText()).isEqualTo("failed");
        assertThat(end.path("error").path("code").asText()).isEqualTo("tools_unavailable");
    }

    private static int tries(String run) {
        return WarServer.jdbi().withHandle(h -> h.createQuery("select tries from runs where run_id = :run")
                .bind("run", UUID.fromString(run))
                .mapTo(int.class)
                .one());
    }

    @Test
    void an_agent_that_may_ask_its_user_waits_for_the_answer_and_needs_no_server() {
        put(admin, "/api/agents/clerk", "{\"instructions\":\"Ask.\",\"tools\":[\"ask_user\"],\"approval\":\"auto\"}")
                .expect(200);
        var run = say("t1", "tool:ask_user {\\\"question\\\":\\\"Red or blue?\\\"} then say:Then that.");
        Await.until("its user is asked", SOON, () -> admin.get("/api/runs/" + run)
                .json()
                .path("state")
                .asText()
                .equals("requires_action"));
        var question = admin.get("/api/runs/" + run).json().at("/questions/0");
        assertThat(question.path("kind").asText() + " "
                        + question.path("toolName").asText() + " "
                        + question.at("/input/question").asText())
                .isEqualTo("tool ask_user Red or blue?");
        admin.post(
                        "/api/runs/" + run + "/answer",
                        "{\"callId\":\"" + question.path("callId").asText() + "\",\"output\":\"blue\"}")
                .expect(202);
        assertThat(admin.awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
        var parts = admin.messages("t1").path("items").path(1).path("parts");
        assertThat(parts.path(1).path("output").asText()).isEqualTo("blue");
        assertThat(parts.findValuesAsText("text")).containsExactly("Then that.");
    }

    @Test
    void only_admins_with_the_scope_change_servers_and_other_organisations_see_none() {
        var body = "{\"transport\":\"http\",\"url\":\"https://tools.example.com/mcp\"}";
        put(body);
        var member = caller("member", "\"chat\",\"catalog\"");
        var chatting = caller("admin", "\"chat\"");
        assertThat(put(member, FILES, body).expect(403).code()).isEqualTo("admin_only");
        assertThat(put(chatting, FILES, body).expect(403).code()).isEqualTo("missing_scope");
        assertThat(member.delete(FILES).expect(403).code()).isEqualTo("admin_only");
        assertThat(member.post(FILES + "/probe", "").expect(403).code()).isEqualTo("admin_only");
        assertThat(member.get(FILES).expect(200).json().path("name").asText()).isEqualTo("files");
        assertThat(root.get(FILES).expect(404).code()).isEqualTo("unknown_mcp_server");
    }

    @Test
    void bad_bodies_are_told_what_is_wrong_and_never_repeat_a_bearer() {
        record Row(String body, String code, String field) {}
        var http = "{\"transport\":\"http\",\"url\":\"https://x.example.com\"";
        var stdio = "{\"transport\":\"stdio\",\"command\":\"everything\"";
        for (var row : List.of(
                new Row("{}", "missing_field", "transport"),
                new Row("{\"transport\":\"sse\"}", "bad_value", "transport"),
                new Row("{\"transport\":\"http\"}", "missing_field", "url"),
                new Row("{\"transport\":\"http\",\"url\":\"ftp://x\"}", "bad_base_url", "url"),
                new Row("{\"transport\":\"http\",\"url\":\"http://tools.example.com\"}", "bad_base_url", "url"),
                new Row("{\"transport\":\"http\",\"url\":\"https://u:p@tools.example.com\"}", "bad_base_url", "url"),
                new Row(http + ",\"command\":\"everything\"}", "bad_value", "command"),
                new Row(http + ",\"args\":[]}", "bad_value", "args"),
                new Row(http + ",\"auth\":\"basic\"}", "bad_value", "auth"),
                new Row(http + ",\"auth\":\"none\",\"bearer\":\"" + CANARY + "\"}", "bad_value", "bearer"),
                new Row(http + ",\"bearer\":\"" + CANARY + " x\"}", "bad_value", "bearer"),
                new Row(http + ",\"bearer\":[\"" + CANARY + "\"]}", "wrong_type", "bearer"),
                new Row(http + ",\"timeoutSeconds\":0}", "bad_value", "timeoutSeconds"),
                new Row(http + ",\"timeoutSeconds\":601}", "bad_value", "timeoutSeconds"),
                new Row(http + ",\"outputBytes\":1}", "bad_value", "outputBytes"),
                new Row(http + ",\"outputBytes\":262144}", "bad_value", "outputBytes"),
                new Row(http + ",\"allowedTools\":[\"\"]}", "bad_value", "allowedTools"),
                new Row(http + ",\"allowedTools\":[null]}", "bad_value", "allowedTools"),
                new Row(http + ",\"secret\":1}", "unknown_field", "secret"),
                new Row("{\"transport\":\"stdio\"}", "missing_field", "command"),
                new Row("{\"transport\":\"stdio\",\"command\":\"/bin/sh\"}", "command_refused", "command"),
                new Row("{\"transport\":\"stdio\",\"command\":\"node\"}", "command_refused", "command"),
                new Row(stdio + ",\"url\":\"https://x.example.com\"}", "bad_value", "url"),
                new Row(stdio + ",\"bearer\":\"" + CANARY + "\"}", "bad_value", "bearer"),
                new Row(stdio + ",\"args\":[\"a\\u0000b\"]}", "bad_value", "args"),
                new Row(stdio + ",\"args\":[null]}", "bad_value", "args"))) {
            var refused = put(admin, FILES, row.body()).expect(400);
            assertThat(refused.code() + " " + refused.json().path("field").asText())
                    .as(row.body())
                    .isEqualTo(row.code() + " " + row.field());
            assertThat(refused.body()).doesNotContain(CANARY);
        }
        assertThat(put(admin, "/api/mcp-servers/ask_user", http + "}")
                        .expect(400)
                        .code())
                .isEqualTo("bad_id");
        assertThat(put(admin, "/api/mcp-servers/" + "x".repeat(65), http + "}")
                        .expect(400)
                        .code())
                .isEqualTo("bad_id");
        assertThat(admin.get("/api/mcp-servers").expect(200).json().path("items"))
                .isEmpty();
    }
}
