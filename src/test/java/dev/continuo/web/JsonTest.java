package dev.continuo.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    record Part(String type, String text) {}

    record Message(String id, List<Part> parts) {}

    record Body(Message message, Double temperature, int count) {}

    record Shown(Optional<String> a, Optional<Instant> b, List<String> c, String d) {}

    private final Json json = new Json();

    @Test
    void a_good_body_is_read() {
        assertThat(read("{\"message\":{\"id\":\"m\",\"parts\":[{\"type\":\"text\",\"text\":\"hi\"}]},\"count\":1}"))
                .isEqualTo(new Body(new Message("m", List.of(new Part("text", "hi"))), null, 1));
    }

    @ParameterizedTest(name = "{0} → {1} at {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{                                     | malformed_json | -",
                "                                      | malformed_json | -",
                "nope                                  | malformed_json | -",
                "{\"count\":1}}                        | malformed_json | -",
                "{\"count\":1} {}                      | wrong_type     | -",
                "{\"count\":1,\"count\":2}             | malformed_json | -",
                "null                                  | malformed_json | -",
                "[]                                    | wrong_type     | -",
                "\"text\"                              | wrong_type     | -",
                "{\"other\":1,\"count\":1}             | unknown_field  | other",
                "{\"message\":{\"role2\":1}}           | unknown_field  | message.role2",
                "{\"message\":{\"parts\":[{\"x\":1}]}} | unknown_field  | message.parts[0].x",
                "{\"message\":\"hi\"}                  | wrong_type     | message",
                "{\"message\":{\"id\":7}}              | wrong_type     | message.id",
                "{\"message\":{\"id\":true}}           | wrong_type     | message.id",
                "{\"message\":{\"id\":{}}}             | wrong_type     | message.id",
                "{\"message\":{\"parts\":{}}}          | wrong_type     | message.parts",
                "{\"message\":{\"parts\":[1]}}         | wrong_type     | message.parts[0]",
                "{\"temperature\":\"1\"}               | wrong_type     | temperature",
                "{\"count\":\"1\"}                     | wrong_type     | count",
                "{\"count\":1.5}                       | wrong_type     | count",
                "{\"count\":null}                      | wrong_type     | count",
                "{\"count\":99999999999}               | wrong_type     | count",
            })
    void bad_json_is_refused_with_its_place(String body, String code, String field) {
        var problem = refusal(body == null ? "" : body);
        assertThat(List.of(problem.status(), problem.code(), problem.field()))
                .as(problem.detail())
                .isEqualTo(List.of(400, code, Optional.ofNullable(field)));
    }

    @Test
    void depth_is_capped() {
        assertThat(refusal("{\"message\":{\"parts\":" + "[".repeat(100_000)).code())
                .isIn("wrong_type", "json_too_deep");
        var problem = catchThrowableOfType(
                Problem.class,
                () -> json.read(
                        "[".repeat(100_000).getBytes(StandardCharsets.UTF_8),
                        com.fasterxml.jackson.databind.JsonNode.class));
        assertThat(problem.code()).isEqualTo("json_too_deep");
    }

    @Test
    void bytes_that_are_no_utf8_are_refused() {
        var problem = catchThrowableOfType(
                Problem.class, () -> json.read(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, Body.class));
        assertThat(problem.code()).isEqualTo("malformed_json");
    }

    @Test
    void no_refusal_names_our_classes() {
        assertThat(refusal("{\"message\":{\"parts\":[{\"x\":1}]}}").detail())
                .doesNotContain("dev.continuo", "JsonTest");
        assertThat(refusal("{\"message\":{\"parts\":[1]}}").detail()).doesNotContain("dev.continuo", "JsonTest");
    }

    @Test
    void what_is_absent_is_left_out_and_times_are_iso() {
        var shown = new Shown(Optional.empty(), Optional.of(Instant.EPOCH), List.of(), null);
        assertThat(new String(json.write(shown), StandardCharsets.UTF_8))
                .isEqualTo("{\"b\":\"1970-01-01T00:00:00Z\",\"c\":[]}");
        var more = new Shown(Optional.of("x"), Optional.empty(), List.of("y"), "z");
        assertThat(new String(json.write(more), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":\"x\",\"c\":[\"y\"],\"d\":\"z\"}");
    }

    private Body read(String body) {
        return json.read(body.getBytes(StandardCharsets.UTF_8), Body.class);
    }

    private Problem refusal(String body) {
        return catchThrowableOfType(Problem.class, () -> read(body));
    }
}
