package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.egress.Egress;
import dev.continuo.secrets.Credential;
import dev.continuo.secrets.MasterKeys;
import dev.continuo.secrets.Place;
import dev.continuo.secrets.Seal;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.Postgres;
import dev.continuo.tool.McpServer.Auth;
import dev.continuo.tool.McpServer.Transport;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Toolboxes.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a server does, a call ends, in words that a model can read. */
@Timeout(120)
class HostileServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID ORG = UUID.randomUUID();
    private static final Seal SEAL = new Seal(MasterKeys.of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    private static final McpSettings SETTINGS =
            new McpSettings(Duration.ofSeconds(5), Duration.ofSeconds(60), 1024 * 1024 * 8, 64 * 1024, 2, 256 * 1024);

    private final HostileServer server = new HostileServer("fine");
    private final Jdbi jdbi = Jdbi.create(Postgres.shared().database().dataSource());
    private final McpOpening opening = opening(Egress.allowing("127.0.0.1"));
    private UUID run;

    private McpOpening opening(Egress egress) {
        return new McpOpening(
                new McpDoor(egress, SEAL, Commands.of("sh=/bin/sh"), SETTINGS), new ToolOutputs(jdbi), SETTINGS);
    }

    @BeforeEach
    void a_run() {
        jdbi.useHandle(h -> h.execute("insert into organisations (org_id, name) values (?, 'o')", ORG));
        run = newRun(newThread(), 1);
    }

    @AfterEach
    void end() {
        server.close();
    }

    private UUID newThread() {
        var thread = UUID.randomUUID();
        jdbi.useHandle(
                h -> h.execute("insert into threads (thread_id, org_id, creator) values (?, ?, 'c')", thread, ORG));
        return thread;
    }

    private UUID newRun(UUID thread, int turn) {
        var id = UUID.randomUUID();
        jdbi.useHandle(h -> h.execute(
                "insert into runs (run_id, thread_id, org_id, turn, state, message_id, answer_id)"
                        + " values (?, ?, ?, ?, 'WAITING', gen_random_uuid(), ?)",
                id,
                thread,
                ORG,
                turn,
                UUID.randomUUID()));
        return id;
    }

    private McpServer over(Transport transport, Duration timeout) {
        return new McpServer(ORG, UUID.randomUUID(), "h", transport, timeout, Optional.empty(), OptionalInt.empty());
    }

    private McpServer http() {
        return over(new Transport.Http(server.url(), Auth.NONE, Optional.empty()), Duration.ofSeconds(2));
    }

    private McpServer shell(String script) {
        return over(new Transport.Stdio("sh", List.of("-c", script)), Duration.ofSeconds(2));
    }

    private McpToolbox open(McpServer... servers) throws Exception {
        return opening.toolbox(List.of(servers), _ -> Approval.NONE);
    }

    private ToolResult call(Toolbox box, String name, String input) throws Exception {
        return box.call(new ToolCall(run, "call_1", name, JSON.readTree(input), run + ":7"));
    }

    private JsonNode output(ToolResult result) {
        assertThat(result).isInstanceOf(ToolResult.Output.class);
        return ((ToolResult.Output) result).output();
    }

    @ParameterizedTest
    @CsvSource({
        "never,did not answer",
        "unauthorized,refused the bearer",
        "drip,did not answer",
        "flood,'h'",
        "huge,'h'",
        "garbage,'h'",
        "html,'h'",
        "empty,'h'",
        "cut,'h'",
        "broken,'h'",
        "redirect,'h'"
    })
    void a_call_that_goes_wrong_is_a_failed_call_and_the_next_one_works(String tool, String says) throws Exception {
        server.tools(tool, "fine");
        try (var box = open(http())) {
            assertThat(call(box, "h__" + tool, "{}"))
                    .isInstanceOfSatisfying(ToolResult.Failed.class, f -> assertThat(f.text())
                            .contains("'h'", says.replace("'h'", "h"))
                            .doesNotContainPattern("127\\.0\\.0\\.1|169\\.254|xception|java|\\tat "));
            assertThat(output(call(box, "h__fine", "{}")).asText()).isEqualTo("done");
        }
    }

    @Test
    void a_redirect_is_followed_nowhere() throws Exception {
        server.tools("redirect");
        try (var elsewhere = new HostileServer("fine");
                var box = open(http())) {
            server.redirectsTo(elsewhere.url());
            assertThat(call(box, "h__redirect", "{}")).isInstanceOf(ToolResult.Failed.class);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"http://169.254.169.254/mcp", "http://127.0.0.1:1/mcp"})
    void addresses_inside_are_not_called(String url) {
        var strict = opening(Egress.allowing("169.254.169.254"));
        assertThatThrownBy(() -> strict.toolbox(
                        List.of(over(new Transport.Http(url, Auth.NONE, Optional.empty()), Duration.ofSeconds(2))),
                        _ -> Approval.NONE))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("continuo.providers.allowed-hosts");
    }

    @Test
    void a_server_that_does_not_open_or_is_not_there_is_unavailable() {
        server.tools("never-opens");
        assertThatThrownBy(() -> open(http())).isInstanceOf(Unavailable.class).hasMessageContaining("'h'");
        server.close();
        assertThatThrownBy(() -> open(http())).isInstanceOf(Unavailable.class).hasMessageContaining("'h'");
    }

    @Test
    void one_that_is_away_lets_the_others_go() {
        try (var away = new HostileServer("never-opens")) {
            var second = over(new Transport.Http(away.url(), Auth.NONE, Optional.empty()), Duration.ofSeconds(2));
            assertThatThrownBy(() -> open(http(), second)).isInstanceOf(Unavailable.class);
            Await.until("the session of the first is ended", Duration.ofSeconds(20), () -> server.requests()
                    .contains("DELETE null"));
        }
    }

    @Test
    void an_endless_list_ends() throws Exception {
        server.tools("endless");
        try (var box = open(http())) {
            assertThat(box.tools()).extracting(Tool::name).containsExactly("h__endless", "read_tool_output");
            assertThat(box.tools().getFirst().description()).hasSizeLessThan(5_000);
        }
    }

    @Test
    void a_tool_that_is_gone_by_the_time_it_is_called_is_a_failed_call() throws Exception {
        server.tools("first");
        try (var box = open(http())) {
            server.tools("second");
            assertThat(call(box, "h__first", "{}"))
                    .isEqualTo(new ToolResult.Failed("The MCP server 'h' refused: no such tool any more"));
            assertThat(call(box, "h__second", "{}")).isEqualTo(new ToolResult.Failed("There is no tool 'h__second'."));
        }
    }

    @Test
    void a_tool_whose_schema_is_none_is_not_offered() throws Exception {
        server.schema("{\"type\":\"object\",\"properties\":{\"x\":{\"$ref\":\"" + server.url() + "\"}}}");
        try (var box = open(http())) {
            int before = server.requests().size();
            var names = box.tools().stream().map(Tool::name).toList();
            if (names.contains("h__fine")) {
                assertThat(call(box, "h__fine", "{\"x\":1}")).isInstanceOf(ToolResult.Failed.class);
            }
            assertThat(server.requests()).hasSize(before).noneMatch(r -> r.startsWith("GET"));
        }
    }

    @Test
    void the_key_of_a_call_goes_along_and_so_does_the_bearer_and_no_second_stream_is_opened() throws Exception {
        server.tools("meta");
        var id = UUID.randomUUID();
        var sealed = SEAL.seal(new Credential("secret-of-h"), new Place(ORG, id));
        var guarded = new McpServer(
                ORG,
                id,
                "h",
                new Transport.Http(server.url(), Auth.BEARER, Optional.of(sealed)),
                Duration.ofSeconds(20),
                Optional.empty(),
                OptionalInt.empty());
        try (var box = open(guarded)) {
            assertThat(JSON.readTree(output(call(box, "h__meta", "{}")).asText()))
                    .isEqualTo(JSON.createObjectNode().put("continuo/idempotencyKey", run + ":7"));
        }
        Await.until("the session is ended", Duration.ofSeconds(20), () -> server.requests()
                .contains("DELETE Bearer secret-of-h"));
        assertThat(server.requests()).allMatch(r -> r.endsWith(" Bearer secret-of-h") && !r.startsWith("GET"));
    }

    @Test
    void a_server_that_lost_its_bearer_is_not_called() {
        assertThatThrownBy(() -> open(
                        over(new Transport.Http(server.url(), Auth.BEARER, Optional.empty()), Duration.ofSeconds(2))))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("lost its bearer");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void a_call_that_is_given_up_is_taken_back() throws Exception {
        server.tools("never");
        try (var box =
                open(over(new Transport.Http(server.url(), Auth.NONE, Optional.empty()), Duration.ofMinutes(5)))) {
            var outcome = new CompletableFuture<String>();
            var caller = Thread.ofVirtual().start(() -> {
                try {
                    outcome.complete(call(box, "h__never", "{}").toString());
                } catch (InterruptedException e) {
                    outcome.complete("interrupted");
                } catch (Exception e) {
                    outcome.completeExceptionally(e);
                }
            });
            Await.until("the call is there", Duration.ofSeconds(20), () -> !server.heard("tools/call")
                    .isEmpty());
            caller.interrupt();
            assertThat(outcome.join()).isEqualTo("interrupted");
            Await.until("the server is told", Duration.ofSeconds(20), () -> !server.heard("notifications/cancelled")
                    .isEmpty());
            assertThat(server.heard("notifications/cancelled").getFirst().at("/params/requestId"))
                    .isEqualTo(server.heard("tools/call").getFirst().path("id"));
        }
    }

    @Test
    void a_large_output_is_shown_by_its_head_and_read_on_until_its_run_is_deleted() throws Exception {
        server.tools("large");
        var whole = "line of text\n".repeat(20_000);
        try (var box = open(http())) {
            var shown = output(call(box, "h__large", "{}"));
            assertThat(shown.toString().length()).isLessThanOrEqualTo(64 * 1024);
            assertThat(shown.at("/readOn/tool").asText()).isEqualTo("read_tool_output");
            var text = new StringBuilder(shown.path("head").asText());
            for (int offset = shown.at("/readOn/offset").asInt(); offset > 0; ) {
                var part = output(call(
                        box,
                        "read_tool_output",
                        "{\"callId\":\"call_1\",\"offset\":" + offset + ",\"length\":1000000}"));
                text.append(part.path("text").asText());
                offset = part.path("nextOffset").asInt();
            }
            assertThat(text.toString()).isEqualTo(whole);
            assertThat(output(call(box, "read_tool_output", "{\"callId\":\"call_1\",\"offset\":5,\"length\":2}"))
                            .path("text")
                            .asText())
                    .isEqualTo("of");
            assertThat(call(box, "read_tool_output", "{\"callId\":\"call_1\",\"offset\":-1}"))
                    .isInstanceOf(ToolResult.Failed.class);
            assertThat(call(box, "read_tool_output", "{\"callId\":\"nobody\",\"offset\":0}"))
                    .isInstanceOf(ToolResult.Failed.class);

            var first = run;
            run = newRun(threadOf(first), 2);
            assertThat(call(box, "read_tool_output", "{\"callId\":\"call_1\",\"offset\":0}"))
                    .as("by a later run of the thread")
                    .isInstanceOf(ToolResult.Output.class);
            run = newRun(newThread(), 1);
            assertThat(call(box, "read_tool_output", "{\"callId\":\"call_1\",\"offset\":0}"))
                    .as("by another thread")
                    .isInstanceOf(ToolResult.Failed.class);
            jdbi.useHandle(h -> h.execute("delete from runs where run_id = ?", first));
        }
        int left = jdbi.withHandle(h -> h.createQuery("select count(*) from tool_outputs")
                .mapTo(Integer.class)
                .one());
        assertThat(left).isZero();
    }

    private UUID threadOf(UUID of) {
        return jdbi.withHandle(h -> h.createQuery("select thread_id from runs where run_id = :run")
                .bind("run", of)
                .mapTo(UUID.class)
                .one());
    }

    @Test
    void a_process_that_ends_or_talks_without_end_is_unavailable_and_its_place_is_free_again() {
        for (int i = 0; i < 2 * SETTINGS.processes(); i++) {
            Await.until("its place is free", Duration.ofSeconds(20), () -> whyNot(shell("exit 3"))
                    .contains("'h'"));
        }
        Await.until("its place is free", Duration.ofSeconds(20), () -> whyNot(shell("cat /dev/zero"))
                .contains("'h'"));
    }

    private String whyNot(McpServer unavailable) {
        var thrown = catchThrowable(() -> open(unavailable));
        assertThat(thrown).isInstanceOf(Unavailable.class);
        return thrown.getMessage();
    }

    @Test
    void a_process_that_never_answers_is_ended_with_its_children(@TempDir Path folder) {
        assertThatThrownBy(() -> open(shell(
                        "trap '' TERM; echo $$ > " + folder + "/a; sleep 1000 & echo $! > " + folder + "/b; wait")))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("did not answer");
        for (var file : List.of("a", "b")) {
            Await.until(
                    "the process of " + file + " is gone", Duration.ofSeconds(20), () -> !alive(folder.resolve(file)));
        }
    }

    private static boolean alive(Path pid) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .map(ProcessHandle::isAlive)
                    .orElse(false);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void no_more_processes_run_than_may_and_no_command_that_may_not() throws Exception {
        var script = "read -r l; while read -r l; do :; done";
        assertThatThrownBy(() -> open(shell(script), shell(script), shell(script)))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("continuo.mcp.processes");
        assertThatThrownBy(() -> open(over(new Transport.Stdio("bash", List.of()), Duration.ofSeconds(2))))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("continuo.mcp.commands");
    }
}
