package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<String> wrong(String schema, String arguments) {
        return Arguments.of(json(schema)).orElseThrow().wrong(json(arguments));
    }

    @Test
    void good_arguments_pass_and_bad_ones_are_named() {
        var schema = "{'type':'object','properties':{'n':{'type':'integer','minimum':1},'s':{'enum':['a','b']}},"
                + "'required':['n'],'additionalProperties':false}";
        assertThat(wrong(schema, "{'n':1,'s':'a'}")).isEmpty();
        assertThat(wrong(schema, "{}")).hasValueSatisfying(w -> assertThat(w).contains("'n'"));
        assertThat(wrong(schema, "{'n':'1'}"))
                .hasValueSatisfying(w -> assertThat(w).contains("/n", "integer"));
        assertThat(wrong(schema, "{'n':0}")).isPresent();
        assertThat(wrong(schema, "{'n':1,'s':'c'}")).isPresent();
        assertThat(wrong(schema, "{'n':1,'x':1}"))
                .hasValueSatisfying(w -> assertThat(w).contains("'x'"));
        assertThat(wrong(schema, "[]")).hasValue("the arguments are no JSON object");
    }

    @Test
    void older_drafts_and_definitions_are_understood() {
        assertThat(wrong(
                        "{'$schema':'http://json-schema.org/draft-07/schema#','type':'object','definitions':{'d':{'type':"
                                + "'string'}},'properties':{'x':{'$ref':'#/definitions/d'}}}",
                        "{'x':1}"))
                .isPresent();
        assertThat(wrong(
                        "{'type':'object','$defs':{'d':{'type':'string'}},'properties':{'x':{'$ref':'#/$defs/d'}}}",
                        "{'x':'y'}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'object','properties':{'x':{'$ref':'#/nowhere'}}}",
                "{'type':'object','properties':{'x':{'$ref':'other.json'}}}",
                "{'type':'object','properties':{'x':{'$ref':'https://json-schema.org/draft/2020-12/schema'}}}",
                "{'type':'object','properties':{'x':{'$dynamicRef':'#x'}}}",
                "{'type':'object','properties':{'x':{'pattern':'('}}}"
            })
    void a_schema_that_is_none_or_looks_elsewhere_is_not_used(String schema) {
        assertThat(Arguments.of(json(schema))).isEmpty();
    }

    @Test
    void a_few_lines_that_say_more_than_anybody_can_check_are_not_used() {
        var definitions = new StringBuilder("'d0':{'type':'string'}");
        for (int i = 1; i <= 40; i++) {
            definitions.append(
                    ",'d%d':{'anyOf':[{'$ref':'#/$defs/d%d'},{'$ref':'#/$defs/d%d'}]}".formatted(i, i - 1, i - 1));
        }
        assertThat(Arguments.of(json(
                        "{'type':'object','$defs':{" + definitions + "},'properties':{'x':{'$ref':'#/$defs/d40'}}}")))
                .isEmpty();
    }

    @Test
    void a_schema_of_trees_is_used() {
        var tree =
                "{'type':'object','properties':{'value':{'type':'integer'},'next':{'$ref':'#'}},'required':['value']}";
        assertThat(wrong(tree, "{'value':1,'next':{'value':2}}")).isEmpty();
        assertThat(wrong(tree, "{'value':1,'next':{'value':'2'}}")).isPresent();
    }

    @Test
    void a_schema_fetches_nothing() throws IOException {
        var asked = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes());
            exchange.close();
        });
        server.start();
        try {
            var at = "http://127.0.0.1:" + server.getAddress().getPort() + "/s.json";
            for (var schema : new String[] {
                "{'type':'object','properties':{'x':{'$ref':'" + at + "'}}}",
                "{'$schema':'" + at + "','type':'object'}",
                "{'$id':'" + at + "','type':'object','properties':{'x':{'$ref':'other.json'}}}"
            }) {
                assertThat(Arguments.of(json(schema)).map(a -> a.wrong(json("{'x':1}"))))
                        .as(schema)
                        .satisfies(w ->
                                assertThat(w.isEmpty() || w.get().isPresent()).isTrue());
            }
            assertThat(asked).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_pattern_that_backtracks_without_end_is_cut_off() {
        var schema = "{'type':'object','properties':{'x':{'pattern':'^(a|aa)+$'}}}";
        var text = "a".repeat(60_000) + "!";
        var wrong = Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(2), () -> wrong(schema, "{'x':'" + text + "'}"));
        assertThat(wrong).isPresent();
    }

    @Test
    void a_schema_that_goes_round_in_circles_harms_nobody() {
        assertThat(Arguments.of(json("{'type':'object','allOf':[{'$ref':'#'}]}"))
                        .map(a -> a.wrong(json("{}"))))
                .satisfies(w -> assertThat(w.isEmpty() || w.get().isPresent()).isTrue());
    }
}
