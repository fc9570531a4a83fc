package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.continuo.testkit.Api;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the server says of itself: its operations, its health, its figures. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class SurfaceIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Set<String> METHODS = Set.of("get", "post", "patch", "put", "delete");

    private final Api api = new Api(WarServer.url(), WarServer.API_KEY);

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @Test
    void every_operation_is_described_and_has_its_row_in_the_table_of_refusals() {
        var described = new TreeSet<>(operations().keySet());
        assertThat(described).isEqualTo(declared());
        assertThat(Endpoint.all().stream().map(Endpoint::toString).sorted()).containsExactlyElementsOf(described);
    }

    @Test
    void the_description_is_complete() {
        var softly = new SoftAssertions();
        var names = new ArrayList<String>();
        operations().forEach((name, operation) -> {
            softly.assertThat(operation.path("summary").asText()).as(name).isNotBlank();
            softly.assertThat(operation.path("tags")).as(name).isNotEmpty();
            names.add(operation.path("operationId").asText());
            var responses = operation.path("responses");
            softly.assertThat(fields(responses)).as(name).contains("400", "401", "403", "421", "429", "503");
            softly.assertThat(fields(responses)).as(name).anyMatch(status -> status.startsWith("2"));
            responses.properties().forEach(response -> {
                var content = response.getValue().path("content");
                softly.assertThat(response.getValue().path("description").asText())
                        .as(name)
                        .isNotBlank();
                if (response.getKey().startsWith("4") || response.getKey().startsWith("5")) {
                    softly.assertThat(content.path("application/problem+json")
                                    .path("schema")
                                    .path("$ref")
                                    .asText())
                            .as(name + " " + response.getKey())
                            .endsWith("/Problem");
                } else if (response.getKey().equals("204") || name.endsWith("/stop")) {
                    softly.assertThat(content).as(name).isEmpty();
                } else {
                    softly.assertThat(content)
                            .as(name + " " + response.getKey())
                            .isNotEmpty();
                    content.forEach(media ->
                            softly.assertThat(media.path("schema")).as(name).isNotEmpty());
                }
            });
            operation.path("requestBody").path("content").forEach(media -> {
                var schema = media.path("schema");
                softly.assertThat(schema.path("format").asText()
                                + schema.path("$ref").asText())
                        .as("the body of " + name)
                        .matches("binary|#/components/schemas/.*");
            });
            operation.path("parameters").forEach(parameter -> softly.assertThat(parameter.path("schema"))
                    .as(name + " " + parameter.path("name").asText())
                    .isNotEmpty());
        });
        softly.assertThat(names).doesNotHaveDuplicates().doesNotContain("");
        softly.assertAll();
    }

    @Test
    void every_body_that_is_read_is_described() {
        var operations = operations();
        for (var e : Endpoint.all()) {
            assertThat(operations.get(e.toString()).has("requestBody"))
                    .as(e.toString())
                    .isEqualTo(e.kind() != Endpoint.Body.NONE);
        }
    }

    @Test
    void the_figures_that_operators_need_are_there_and_move() {
        var run = api.say("s-" + UUID.randomUUID(), "m", "many:3").path("runId").asText();
        api.awaitEnd(run, SOON);
        var figures = api.as("nobody").get("/metrics").expect(200).body();
        assertThat(Stream.of("ready", "waiting", "running", "paused")).allSatisfy(state -> assertThat(figures)
                .containsPattern("continuo_runs\\{[^}]*state=\"" + state + "\""));
        for (var name : List.of(
                "continuo_watchers",
                "continuo_tails",
                "continuo_resyncs_total",
                "continuo_rewinds_total",
                "continuo_takeovers_total",
                "continuo_publish_refusals_total",
                "continuo_publish_failures_total",
                "continuo_slow_watchers_cut_total",
                "continuo_reaped_total",
                "continuo_lease_age_seconds",
                "continuo_draining")) {
            assertThat(figure(figures, name)).as(name).isNotNegative();
        }
        for (var name : List.of(
                "continuo_claim_latency_seconds_count",
                "continuo_publish_latency_seconds_count",
                "continuo_flush_latency_seconds_count",
                "continuo_accept_latency_seconds_count",
                "continuo_messages_accepted_total",
                "continuo_claims_total",
                "continuo_finished_total",
                "continuo_provider_calls_total",
                "continuo_nats_connected")) {
            assertThat(figure(figures, name)).as(name).isPositive();
        }
    }

    @Test
    void health_says_what_it_knows() {
        var nobody = api.as("nobody");
        assertThat(nobody.get("/health/live").expect(200).json().path("status").asText())
                .isEqualTo("UP");
        assertThat(nobody.get("/health/started")
                        .expect(200)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("UP");
        var ready = nobody.get("/health/ready")
                .expect(200)
                .json()
                .path("checks")
                .path(0)
                .path("data");
        assertThat(ready.path("draining").asBoolean(true)).isFalse();
        assertThat(ready.path("leaseRunning").asBoolean()).isTrue();
        assertThat(ready.path("postgresSeenMsAgo").asLong(-1)).isNotNegative();
        assertThat(ready.path("nats").asText()).isEqualTo("connected");
    }

    @Test
    void what_was_made_says_where_it_is() {
        var client = "s-" + UUID.randomUUID();
        var thread = api.post("/api/threads", "{\"id\":\"" + client + "\"}").expect(201);
        assertThat(api.get(location(thread)).expect(200).json()).isEqualTo(thread.json());
        assertThat(api.post("/api/threads", "{\"id\":\"" + client + "\"}").status())
                .isEqualTo(200);
        var message = api.post("/api/threads/" + client + "/messages", Api.message("m", "many:1"))
                .expect(202);
        assertThat(api.get(location(message)).expect(200).json().path("id"))
                .isEqualTo(message.json().path("runId"));
        var key = api.post("/api/keys", "{\"name\":\"k\"}").expect(201);
        assertThat(api.delete(location(key)).status()).isEqualTo(204);
    }

    @Test
    void what_no_text_can_hold_is_stored_as_the_sign_for_that() {
        var client = "s-" + UUID.randomUUID();
        var text = "say:a\\u0000b\\ud800c\\udc00d\\ud83d\\ude00e";
        var native_ = api.post(
                        "/api/threads/" + client + "/messages",
                        "{\"message\":{\"id\":\"n\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"" + text
                                + "\"}]}}")
                .expect(202)
                .json();
        api.awaitEnd(native_.path("runId").asText(), SOON);
        try (var chat = api.postStream(
                "/api/chat",
                "{\"id\":\"" + client
                        + "\",\"message\":{\"id\":\"c\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\""
                        + text + "\"}]}}")) {
            chat.await("the end", SOON, e -> e.data().equals("[DONE]"));
        }
        var parts = new ArrayList<String>();
        api.messages(client)
                .path("items")
                .forEach(m -> parts.add(m.path("role").asText() + " "
                        + String.join("", m.path("parts").findValuesAsText("text"))));
        assertThat(parts).hasSize(4);
        assertThat(parts.get(0)).isEqualTo("user say:a\ufffdb\ufffdc\ufffdd\ud83d\ude00e");
        assertThat(parts.get(2)).isEqualTo("user say:a\ufffdb\ufffdc\ufffdd\ud83d\ude00e");
        assertThat(parts.get(1)).isEqualTo("assistant a\ufffdb\ufffdc\ufffdd\ud83d\ude00e");
        var titled = api.post("/api/threads", "{\"title\":\"a\\u0000\\ud800\"}").expect(201);
        assertThat(titled.json().path("title").asText()).isEqualTo("a\ufffd\ufffd");
    }

    private static String location(Api.Reply reply) {
        return reply.headers().firstValue("location").orElseThrow().replaceFirst("^https?://[^/]+", "");
    }

    private static double figure(String figures, String name) {
        return figures.lines()
                .filter(line -> line.matches(name + "(\\{[^}]*})? .*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(-1);
    }

    private Map<String, JsonNode> operations() {
        var operations = new java.util.TreeMap<String, JsonNode>();
        var paths =
                api.as("nobody").get("/openapi?format=json").expect(200).json().path("paths");
        paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            if (METHODS.contains(operation.getKey()) && path.getKey().startsWith("/api/")) {
                operations.put(
                        operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                        operation.getValue());
            }
        }));
        return operations;
    }

    private static List<String> fields(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** What the resources declare, whatever their description says. */
    private static Set<String> declared() {
        var all = new TreeSet<String>();
        for (var type : new ClassFileImporter().importPath(java.nio.file.Path.of("target", "classes", "dev"))) {
            if (type.isAnnotatedWith(Path.class)) {
                type.getMethods()
                        .forEach(method -> verb(method).ifPresent(verb -> all.add(verb + " " + path(type, method))));
            }
        }
        return all;
    }

    private static java.util.Optional<String> verb(JavaMethod method) {
        return method.getAnnotations().stream()
                .map(a -> a.getRawType())
                .filter(a -> a.isAnnotatedWith(HttpMethod.class))
                .map(a -> a.getAnnotationOfType(HttpMethod.class).value())
                .findFirst();
    }

    private static String path(JavaClass type, JavaMethod method) {
        var below = method.tryGetAnnotationOfType(Path.class).map(Path::value).orElse("");
        return ("/api/" + type.getAnnotationOfType(Path.class).value() + "/" + below)
                .replaceAll("/+", "/")
                .replaceFirst("/$", "");
    }
}
