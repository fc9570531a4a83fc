package dev.continuo.war;

import java.util.List;
import java.util.stream.Stream;

/**
 * One operation of the HTTP surface, and what a good request to it looks like.
 *
 * @param path with the name of its parameter in braces, as OpenAPI writes it
 * @param body a body that would be accepted; empty where none is read. {@code $thread} stands for the sender's thread
 * @param scope what the key must be good for
 * @param role what its holder must be
 */
record Endpoint(String method, String path, Body kind, String body, String scope, Role role, Lookup lookup) {
    private static final String MESSAGE =
            "{\"message\":{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"many:1\"}]}}";
    private static final String CHAT =
            "{\"id\":\"$thread\",\"trigger\":\"submit-message\",\"messages\":[{\"id\":\"new\",\"role\":\"user\",\"parts\":"
                    + "[{\"type\":\"text\",\"text\":\"many:1\"}]}]}";

    enum Body {
        NONE,
        /** One JSON object, and nothing that is unknown. */
        STRICT,
        /** What chat clients send, with whatever they add. */
        LENIENT,
        /** Bytes of any kind. */
        FILE
    }

    /** Who may. */
    enum Role {
        ANYBODY,
        MEMBER,
        ADMIN
    }

    /** What the path names, and with it what an unknown one is answered. */
    enum Lookup {
        NOTHING,
        THREAD,
        /** Made where there is none. */
        NEW_THREAD,
        RUN,
        /** A thread or a run; 204 where there is nothing to show. */
        CHAT,
        KEY,
        NODE,
        PROVIDER,
        AGENT,
        TIER,
        MCP_SERVER,
        FILE
    }

    static List<Endpoint> all() {
        return List.of(
                get("/api/threads", Lookup.NOTHING),
                strict("POST", "/api/threads", "{\"title\":\"A title\"}", Lookup.NOTHING),
                get("/api/threads/{t}", Lookup.THREAD),
                strict("PATCH", "/api/threads/{t}", "{\"title\":\"Another\"}", Lookup.THREAD),
                plain("DELETE", "/api/threads/{t}", Lookup.THREAD),
                get("/api/threads/{t}/messages", Lookup.THREAD),
                strict("POST", "/api/threads/{t}/messages", MESSAGE, Lookup.NEW_THREAD),
                strict(
                        "PATCH",
                        "/api/threads/{t}/messages/{m}",
                        "{\"parts\":[{\"type\":\"text\",\"text\":\"x\"}]}",
                        Lookup.THREAD),
                strict("POST", "/api/threads/{t}/messages/{m}/regenerate", "{\"onBusy\":\"enqueue\"}", Lookup.THREAD),
                get("/api/threads/{t}/runs", Lookup.THREAD),
                get("/api/threads/{t}/attach", Lookup.THREAD),
                new Endpoint(
                        "POST", "/api/threads/{t}/chat", Body.LENIENT, CHAT, "chat", Role.MEMBER, Lookup.NEW_THREAD),
                get("/api/runs/{r}", Lookup.RUN),
                plain("DELETE", "/api/runs/{r}", Lookup.RUN),
                plain("POST", "/api/runs/{r}/cancel", Lookup.RUN),
                strict("POST", "/api/runs/{r}/answer", "{\"callId\":\"c\",\"approved\":true}", Lookup.RUN),
                get("/api/runs/{r}/attach", Lookup.RUN),
                get("/api/runs/{r}/log", Lookup.RUN),
                get("/api/me", Lookup.NOTHING),
                new Endpoint("POST", "/api/files", Body.FILE, "A note.", "chat", Role.MEMBER, Lookup.NOTHING),
                get("/api/files/{f}", Lookup.FILE),
                get("/api/events", Lookup.NOTHING),
                get("/api/usage", Lookup.NOTHING),
                get("/api/usage/threads", Lookup.NOTHING),
                new Endpoint("POST", "/api/chat", Body.LENIENT, CHAT, "chat", Role.MEMBER, Lookup.NOTHING),
                get("/api/chat/{id}/stream", Lookup.CHAT),
                plain("POST", "/api/chat/{id}/stop", Lookup.CHAT),
                get("/api/agents", Lookup.NOTHING),
                get("/api/agents/{a}", Lookup.AGENT),
                catalog("PUT", "/api/agents/{a}", "{\"instructions\":\"Rhyme.\"}", Lookup.AGENT),
                catalog("DELETE", "/api/agents/{a}", "", Lookup.AGENT),
                get("/api/tiers", Lookup.NOTHING),
                get("/api/tiers/{tier}", Lookup.TIER),
                catalog("PUT", "/api/tiers/{tier}", "{\"provider\":\"p\",\"model\":\"m\"}", Lookup.TIER),
                catalog("DELETE", "/api/tiers/{tier}", "", Lookup.TIER),
                get("/api/providers", Lookup.NOTHING),
                catalog(
                        "POST",
                        "/api/providers",
                        "{\"name\":\"Ours\",\"kind\":\"openai\",\"baseUrl\":\"http://127.0.0.1:1\"}",
                        Lookup.NOTHING),
                get("/api/providers/{p}", Lookup.PROVIDER),
                catalog("PATCH", "/api/providers/{p}", "{\"name\":\"Ours\"}", Lookup.PROVIDER),
                catalog("DELETE", "/api/providers/{p}", "", Lookup.PROVIDER),
                get("/api/mcp-servers", Lookup.NOTHING),
                get("/api/mcp-servers/{m}", Lookup.MCP_SERVER),
                catalog(
                        "PUT",
                        "/api/mcp-servers/{m}",
                        "{\"transport\":\"stdio\",\"command\":\"none\"}",
                        Lookup.MCP_SERVER),
                catalog("DELETE", "/api/mcp-servers/{m}", "", Lookup.MCP_SERVER),
                catalog("POST", "/api/mcp-servers/{m}/probe", "", Lookup.MCP_SERVER),
                strict("POST", "/api/tickets", "{\"resource\":\"/api/events\"}", Lookup.NOTHING),
                with("keys", Role.ANYBODY, "GET", "/api/keys", "", Lookup.NOTHING),
                with(
                        "keys",
                        Role.MEMBER,
                        "POST",
                        "/api/keys",
                        "{\"name\":\"Mine\",\"scopes\":[\"keys\"]}",
                        Lookup.NOTHING),
                with("keys", Role.MEMBER, "DELETE", "/api/keys/{key}", "", Lookup.KEY),
                with("keys", Role.ADMIN, "GET", "/api/admin/audit", "", Lookup.NOTHING),
                with("ops", Role.ANYBODY, "GET", "/api/admin/nodes", "", Lookup.NOTHING),
                with("ops", Role.MEMBER, "POST", "/api/admin/nodes/{n}/drain", "", Lookup.NODE),
                with("ops", Role.ANYBODY, "GET", "/api/admin/runs", "", Lookup.NOTHING),
                with("ops", Role.MEMBER, "POST", "/api/admin/runs/{r}/release", "", Lookup.RUN),
                with("ops", Role.ADMIN, "POST", "/api/admin/seals", "", Lookup.NOTHING));
    }

    private static Endpoint get(String path, Lookup lookup) {
        return plain("GET", path, lookup);
    }

    private static Endpoint plain(String method, String path, Lookup lookup) {
        return with("chat", method.equals("GET") ? Role.ANYBODY : Role.MEMBER, method, path, "", lookup);
    }

    private static Endpoint strict(String method, String path, String body, Lookup lookup) {
        return with("chat", Role.MEMBER, method, path, body, lookup);
    }

    private static Endpoint catalog(String method, String path, String body, Lookup lookup) {
        return with("catalog", Role.ADMIN, method, path, body, lookup);
    }

    private static Endpoint with(String scope, Role role, String method, String path, String body, Lookup lookup) {
        return new Endpoint(method, path, body.isEmpty() ? Body.NONE : Body.STRICT, body, scope, role, lookup);
    }

    /** Whether the operation changes something, which viewers never do. */
    boolean changes() {
        return !method.equals("GET");
    }

    boolean takesId() {
        return path.contains("{");
    }

    /** The path with this in place of its first parameter; a second one is the sender's message. */
    String at(String id) {
        return path.replaceFirst("\\{[a-z]+}", java.util.regex.Matcher.quoteReplacement(id))
                .replace("{m}", "m1");
    }

    /** A method that nothing at this path has. */
    String wrongMethod() {
        var known = all().stream()
                .filter(e -> e.path().equals(path))
                .map(Endpoint::method)
                .toList();
        return Stream.of("PUT", "PATCH", "DELETE")
                .filter(m -> !known.contains(m))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
