package dev.continuo.war;

import static dev.continuo.testkit.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.RawHttp.Request;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may do what: every operation with every kind of caller, by key and by token, in an organisation of their own. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class AccessIT {
    private static final Set<String> SCOPES = Set.of("chat", "ops", "keys", "catalog");
    /** What members of one organisation share. */
    private static final Set<String> SHARED =
            Set.of("/api/agents", "/api/providers", "/api/providers/{p}", "/api/keys");

    private static final String CANARY = "canary-" + UUID.randomUUID();

    private final URI server = URI.create(WarServer.url());

    /** Somebody, and what they are. */
    private record Visitor(String name, String credential, String role, Set<String> scopes) {
        /** The code of the refusal; empty where they may. */
        String refusal(Endpoint e) {
            if (!scopes.contains(e.scope())) {
                return "missing_scope";
            }
            if (role.equals("viewer") && e.changes()) {
                return "read_only";
            }
            return e.role() == Endpoint.Role.ADMIN && !role.equals("admin") ? "admin_only" : "";
        }
    }

    private static Map<String, Visitor> visitors;

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @BeforeAll
    static void forget() {
        visitors = null;
    }

    private static Map<String, Visitor> visitors() {
        if (visitors == null) {
            visitors = new LinkedHashMap<>();
            for (var role : List.of("admin", "member", "viewer")) {
                add(byKey(role, SCOPES));
                for (var scope : SCOPES) {
                    add(byKey(role, Set.of(scope)));
                }
            }
            add(byToken("admin", Set.of("chat", "keys", "catalog"), "continuo-admin"));
            add(byToken("admin", SCOPES, "continuo-admin", "continuo-ops"));
            add(byToken("member", Set.of("chat"), "continuo-member", "others"));
            add(byToken("member", Set.of("ops"), "continuo-ops"));
            add(byToken("viewer", Set.of("chat"), "continuo-viewer"));
            add(byToken("viewer", Set.of(), "others"));
            add(byToken("viewer", Set.of()));
        }
        return visitors;
    }

    private static void add(Visitor visitor) {
        visitors.put(visitor.name(), visitor);
    }

    private static Visitor byKey(String role, Set<String> scopes) {
        var key = Sender.key("""
                {"name":"x","subject":"%s-%s","role":"%s","scopes":["%s"],"organisation":"access"}
                """.formatted(role, String.join("-", scopes), role, String.join("\",\"", scopes)));
        return new Visitor("key of " + role + " for " + scopes, key.key(), role, scopes);
    }

    private static Visitor byToken(String role, Set<String> scopes, String... groups) {
        var issuer = WarServer.issuer();
        var token = issuer.sign(issuer.claims(Instant.now())
                .subject("token-" + String.join("-", groups))
                .claim("organisation", "access")
                .claim("groups", List.of(groups)));
        return new Visitor("token of " + List.of(groups), token, role, scopes);
    }

    @Test
    void every_operation_is_open_to_exactly_those_whose_role_and_scopes_it_asks_for() {
        var softly = new SoftAssertions();
        for (var e : Endpoint.all()) {
            for (var visitor : visitors().values()) {
                var answer = send(server, harmless(e).with("authorization", "Bearer " + visitor.credential()));
                var what = e + " by " + visitor.name() + " → " + answer.status() + " " + answer.body();
                var refusal = visitor.refusal(e);
                if (refusal.isEmpty()) {
                    softly.assertThat(answer.status())
                            .as(what)
                            .isNotIn(401, 403)
                            .isLessThan(500);
                } else {
                    softly.assertThat(answer.status()).as(what).isEqualTo(403);
                    softly.assertThat(answer.code()).as(what).isEqualTo(refusal);
                }
            }
        }
        softly.assertAll();
    }

    /** A request that whoever may send it can send often, since what it names is not there. */
    private static Request harmless(Endpoint e) {
        var id = UUID.randomUUID().toString();
        var request = Request.of(e.method(), e.at(e.lookup() == Endpoint.Lookup.TIER ? "huge" : id));
        return switch (e.kind()) {
            case NONE -> request;
            case STRICT, LENIENT -> request.json(e.body().replace("$thread", id).replace("Ours", id));
            case FILE -> request.json("");
        };
    }

    /** What one organisation has, in every place where a text can be, and every list and stream of the others. */
    @Test
    void no_answer_shows_anything_of_another_organisation_or_another_member_s_threads() {
        var owner = Sender.key(key("owner", "member", "secretive"));
        var admin = new Api(
                WarServer.url(), Sender.key(key("boss", "admin", "secretive")).key());
        var api = new Api(WarServer.url(), owner.key());
        var thread = "t-" + UUID.randomUUID();
        api.post("/api/threads", "{\"id\":\"" + thread + "\",\"title\":\"" + CANARY + "\"}")
                .expect(201);
        var run = api.say(thread, "m", "say:" + CANARY).path("runId").asText();
        api.awaitEnd(run, java.time.Duration.ofSeconds(60));
        admin.send(
                        "PUT",
                        "/api/agents/ours",
                        Map.of("content-type", "application/json"),
                        "{\"instructions\":\"" + CANARY + "\"}")
                .expect(200);
        var file = api.send("POST", "/api/files?name=" + CANARY, Map.of("content-type", "text/plain"), CANARY)
                .expect(201)
                .json()
                .path("id")
                .asText();
        var provider = admin.post("/api/providers", """
                        {"name":"%s","kind":"openai","auth":"none","baseUrl":"%s"}
                        """.formatted(CANARY, WarServer.providerUrl()))
                .expect(201)
                .json()
                .path("id")
                .asText();
        admin.post("/api/keys", "{\"name\":\"" + CANARY + "\"}").expect(201);

        var stranger = visitors().values().stream()
                .filter(v -> v.role().equals("admin") && v.scopes().equals(SCOPES))
                .toList();
        var member = Sender.key(key("other", "member", "secretive")).key();
        var softly = new SoftAssertions();
        for (var e : Endpoint.all()) {
            if (!e.method().equals("GET")) {
                continue;
            }
            var request = Request.of("GET", e.at(named(e, thread, run, provider, file)));
            for (var visitor : stranger) {
                var answer = send(server, request.with("authorization", "Bearer " + visitor.credential()));
                softly.assertThat(answer.body()).as(e + " by " + visitor.name()).doesNotContain(CANARY);
                softly.assertThat(answer.status()).as(e.toString()).isIn(200, 204, 404);
            }
            if (!SHARED.contains(e.path())) {
                softly.assertThat(send(server, request.with("authorization", "Bearer " + member))
                                .body())
                        .as(e + " by another member")
                        .doesNotContain(CANARY);
            }
        }
        softly.assertAll();
        assertThat(api.get("/api/threads/" + thread + "/messages").body())
                .as("its owner")
                .contains(CANARY);
    }

    private static String named(Endpoint e, String thread, String run, String provider, String file) {
        return switch (e.lookup()) {
            case RUN, CHAT -> run;
            case PROVIDER -> provider;
            case FILE -> file;
            default -> thread;
        };
    }

    private static String key(String subject, String role, String organisation) {
        return """
                {"name":"x","subject":"%s","role":"%s","scopes":["chat","keys","catalog"],"organisation":"%s"}
                """.formatted(subject, role, organisation);
    }
}
