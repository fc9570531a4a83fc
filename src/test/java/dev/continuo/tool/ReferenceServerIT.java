package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.egress.Egress;
import dev.continuo.secrets.MasterKeys;
import dev.continuo.secrets.Seal;
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Database;
import dev.continuo.testkit.Everything;
import dev.continuo.testkit.Ports;
import dev.continuo.testkit.Postgres;
import dev.continuo.tool.McpServer.Auth;
import dev.continuo.tool.McpServer.Transport;
import dev.continuo.tool.Tool.Approval;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official reference server, over both transports. */
class ReferenceServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID RUN = UUID.randomUUID();
    private static Child http;
    private static int port;
    private static McpOpening opening;

    enum Over {
        HTTP,
        STDIO
    }

    @BeforeAll
    static void start() {
        var command = String.join(" ", Everything.command());
        port = Ports.free();
        http = Everything.http(port);
        Database database = Postgres.shared().database();
        var settings = McpSettings.defaults();
        var door = new McpDoor(
                Egress.allowing("127.0.0.1"),
                new Seal(MasterKeys.of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
                Commands.of("everything=" + command),
                settings);
        opening = new McpOpening(door, new ToolOutputs(Jdbi.create(database.dataSource())), settings);
    }

    @AfterAll
    static void end() {
        if (http != null) {
            http.close();
        }
    }

    private static McpServer server(Over over) {
        return new McpServer(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "everything",
                over == Over.HTTP
                        ? new Transport.Http("http://127.0.0.1:" + port + "/mcp", Auth.NONE, Optional.empty())
                        : new Transport.Stdio("everything", List.of("stdio")),
                Duration.ofSeconds(30),
                Optional.empty(),
                OptionalInt.empty());
    }

    private static Toolbox open(Over over) throws Exception {
        return opening.toolbox(List.of(server(over)), _ -> Approval.NONE);
    }

    private static ToolResult call(Toolbox box, String name, String input) throws Exception {
        return box.call(new ToolCall(RUN, "call_1", name, JSON.readTree(input), RUN + ":1"));
    }

    private static JsonNode output(ToolResult result) {
        assertThat(result).isInstanceOf(ToolResult.Output.class);
        return ((ToolResult.Output) result).output();
    }

    @ParameterizedTest
    @EnumSource
    void lists_calls_and_maps_text_structure_and_images(Over over) throws Exception {
        try (var box = open(over)) {
            assertThat(box.tools().stream().map(Tool::name).collect(Collectors.toSet()))
                    .contains("everything__echo", "everything__get-sum", "read_tool_output");
            assertThat(output(call(box, "everything__echo", "{\"message\":\"hello\"}"))
                            .asText())
                    .isEqualTo("Echo: hello");
            assertThat(output(call(box, "everything__get-structured-content", "{\"location\":\"Chicago\"}"))
                            .path("temperature")
                            .isNumber())
                    .isTrue();
            var image = output(call(box, "everything__get-tiny-image", "{}"));
            assertThat(image.path("content").findValuesAsText("type")).contains("image", "text");
            assertThat(image.path("content").findValuesAsText("mimeType")).contains("image/png");
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrong_arguments_never_reach_the_server(Over over) throws Exception {
        try (var box = open(over)) {
            assertThat(call(box, "everything__get-sum", "{\"a\":\"one\"}"))
                    .isInstanceOfSatisfying(
                            ToolResult.Failed.class, f -> assertThat(f.text()).contains("was not called", "a", "b"));
            assertThat(call(box, "everything__nothing", "{}")).isInstanceOf(ToolResult.Failed.class);
        }
    }

    @Test
    void a_process_gets_nothing_of_our_environment_but_the_path() throws Exception {
        try (var box = open(Over.STDIO)) {
            var environment =
                    JSON.readTree(output(call(box, "everything__get-env", "{}")).asText());
            assertThat(environment.properties())
                    .extracting(java.util.Map.Entry::getKey)
                    .containsExactly("PATH");
        }
    }

    @ParameterizedTest
    @EnumSource
    void calls_run_side_by_side(Over over) throws Exception {
        try (var box = open(over)) {
            try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
                var answers = Stream.iterate(0, i -> i + 1)
                        .limit(20)
                        .map(i -> threads.submit(
                                () -> output(call(box, "everything__get-sum", "{\"a\":" + i + ",\"b\":1}"))
                                        .asText()))
                        .toList();
                for (int i = 0; i < answers.size(); i++) {
                    assertThat(answers.get(i).get()).contains("is " + (i + 1));
                }
            }
        }
    }
}
