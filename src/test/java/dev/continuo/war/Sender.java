package dev.continuo.war;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.RawHttp.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody with a thread and a finished run of their own.
 *
 * @param admin a key of an admin of the same organisation, good for everything
 * @param client the thread's id as its sender made it up
 * @param provider of the organisation; the default one has none, so that the server's answers there
 */
record Sender(
        String key,
        String keyId,
        String admin,
        String thread,
        String client,
        String run,
        String provider,
        String file) {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** A new member of the default organisation, whom no other test has made wait. */
    static Sender fresh() {
        return of("default", "\"chat\",\"ops\",\"keys\"", UUID.randomUUID().toString());
    }

    static Sender elsewhere() {
        var admin = new Api(WarServer.url(), adminOf("elsewhere"));
        var provider = admin.post("/api/providers", """
                        {"name":"%s","kind":"openai","auth":"none","baseUrl":"%s"}
                        """.formatted(UUID.randomUUID(), WarServer.providerUrl()))
                .expect(201)
                .json()
                .path("id")
                .asText();
        admin.send("PUT", "/api/agents/theirs", Map.of("content-type", "application/json"), "{\"instructions\":\"x\"}")
                .expect(200);
        admin.send(
                        "PUT",
                        "/api/mcp-servers/theirs",
                        Map.of("content-type", "application/json"),
                        "{\"transport\":\"http\",\"url\":\"http://127.0.0.1:1/mcp\"}")
                .expect(200);
        return of("elsewhere", "\"chat\"", provider);
    }

    private static String adminOf(String organisation) {
        return key("""
                        {"name":"x","subject":"a-%s","role":"admin","scopes":["chat","ops","keys","catalog"],
                         "organisation":"%s"}
                        """.formatted(UUID.randomUUID(), organisation)).key();
    }

    private static Sender of(String organisation, String scopes, String provider) {
        var made = key("""
                {"name":"x","subject":"s-%s","scopes":[%s],"organisation":"%s"}
                """.formatted(UUID.randomUUID(), scopes, organisation));
        var api = new Api(WarServer.url(), made.key());
        var client = "t-" + UUID.randomUUID();
        var run = api.say(client, "m1", "many:1").path("runId").asText();
        api.awaitEnd(run, SOON);
        var found = WarServer.jdbi().withHandle(h -> h.createQuery("select thread_id from runs where run_id = :run")
                .bind("run", UUID.fromString(run))
                .mapTo(String.class)
                .one());
        var file = api.send("POST", "/api/files?name=note.txt", Map.of("content-type", "text/plain"), "A note.")
                .expect(201)
                .json()
                .path("id")
                .asText();
        return new Sender(made.key(), made.id(), adminOf(organisation), found, client, run, provider, file);
    }

    record Key(String id, String key) {}

    static Key key(String body) {
        var made = new Api(WarServer.url(), WarServer.API_KEY)
                .post("/api/keys", body)
                .expect(201)
                .json();
        return new Key(made.path("id").asText(), made.path("key").asText());
    }

    static String viewer() {
        return key("{\"name\":\"x\",\"subject\":\"v\",\"role\":\"viewer\",\"scopes\":[\"chat\",\"ops\",\"keys\",\"catalog\"]}")
                .key();
    }

    /** Whose key is good for everything that members may. */
    static String member() {
        return key("{\"name\":\"x\",\"subject\":\"m\",\"scopes\":[\"chat\",\"ops\",\"keys\",\"catalog\"]}")
                .key();
    }

    static String only(String scope) {
        return key("{\"name\":\"x\",\"subject\":\"o-" + UUID.randomUUID() + "\",\"scopes\":[\"" + scope + "\"]}")
                .key();
    }

    static String revoked() {
        var made = key("{\"name\":\"x\"}");
        new Api(WarServer.url(), WarServer.API_KEY)
                .delete("/api/keys/" + made.id())
                .expect(204);
        return made.key();
    }

    /** Was good once. */
    static String expired() {
        var made = key("{\"name\":\"x\",\"expiresAt\":\"" + Instant.now().plusSeconds(3600) + "\"}");
        WarServer.jdbi()
                .useHandle(h -> h.createUpdate("update api_keys set expires_at = clock_timestamp() where key_id = :id")
                        .bind("id", UUID.fromString(made.id()))
                        .execute());
        return made.key();
    }

    /** A good request of theirs to this endpoint, which each bad one differs from in one thing. */
    Request good(Endpoint e) {
        var request = Request.of(e.method(), e.at(own(e))).with("authorization", "Bearer " + keyFor(e));
        return switch (e.kind()) {
            case NONE -> request;
            case STRICT, LENIENT -> request.json(e.body().replace("$thread", client));
            case FILE -> request.with("content-type", "text/plain").json(e.body());
        };
    }

    String keyFor(Endpoint e) {
        return e.role() == Endpoint.Role.ADMIN ? admin : key;
    }

    String own(Endpoint e) {
        return switch (e.lookup()) {
            case NOTHING -> "";
            case THREAD, NEW_THREAD -> client;
            case RUN, CHAT -> run;
            case KEY -> keyId;
            case NODE -> "war";
            case PROVIDER -> provider;
            case AGENT, MCP_SERVER -> "theirs";
            case TIER -> "fast";
            case FILE -> file;
        };
    }

    /** The same thing of theirs, as somebody else would name it. */
    String named(Endpoint e) {
        return e.lookup() == Endpoint.Lookup.THREAD ? thread : own(e);
    }
}
