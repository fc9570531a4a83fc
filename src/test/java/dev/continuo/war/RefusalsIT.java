package dev.continuo.war;

import static dev.continuo.testkit.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.RawHttp;
import dev.continuo.testkit.RawHttp.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a request, its sender is told what to do, and neither the broker nor the database hears of it. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class RefusalsIT {
    private static final int BODY = 256 * 1024;
    private static final int FILE = 8 * 1024 * 1024;
    private static final int CHAT_BODY = 8 * 1024 * 1024;
    /** Failed authentications are counted by address, so each test fails from addresses of its own. */
    private static final AtomicInteger ADDRESSES = new AtomicInteger(2);

    /** Every path parameter that is no id, as it stands in the request line. */
    private static final List<String> NO_IDS = List.of(
            "*",
            ">",
            "%3E",
            "a.b",
            "%2e",
            "a%2eb",
            "..%2f",
            "..%2F..%2Fetc",
            "a%20b",
            "a;b",
            "a|b",
            "%C3%A9",
            "a%5Cb",
            "%22%3E",
            "x".repeat(129));

    /** The server refuses these before any application sees them, in its own words. */
    private static final List<String> NO_PATHS = List.of("a%0d%0ab", "%0D%0A", "%00", "%zz", "a%");

    private static Cast cast;

    private final SoftAssertions softly = new SoftAssertions();
    private final URI server = URI.create(WarServer.url());
    private final Sender me = Sender.fresh();
    private final Map<String, Long> rowsBefore = new HashMap<>();
    private Bus bus;

    /** Those who must stay outside. */
    private record Cast(
            Sender colleague,
            Sender stranger,
            String viewer,
            String member,
            String expired,
            String revoked,
            Map<String, String> onlyFor) {}

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @BeforeEach
    void listen() {
        if (cast == null) {
            cast = new Cast(
                    Sender.fresh(),
                    Sender.elsewhere(),
                    Sender.viewer(),
                    Sender.member(),
                    Sender.expired(),
                    Sender.revoked(),
                    Map.of(
                            "chat",
                            Sender.only("chat"),
                            "ops",
                            Sender.only("ops"),
                            "keys",
                            Sender.only("keys"),
                            "catalog",
                            Sender.only("catalog")));
        }
        forgetPurges();
        bus = new Bus();
        mark();
        rowsBefore.putAll(rows());
    }

    /** The mark goes the way that everything else would have gone before it. */
    @AfterEach
    void nothing_was_heard_and_nothing_stays() {
        try {
            softly.assertThat(mark()).as("what reached the broker").isEmpty();
            softly.assertThat(rows()).as("rows").isEqualTo(rowsBefore);
        } finally {
            bus.close();
        }
        softly.assertAll();
    }

    static List<Endpoint> endpoints() {
        return Endpoint.all();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void nobody_comes_in_without_a_good_key(Endpoint e) {
        var good = me.good(e).from(newAddress());
        var nobody = new Request(good.method(), good.target(), Map.of(), good.body(), good.from());
        var again = "with a key that is neither expired nor revoked";
        refused(nobody, 401, "unauthenticated", again);
        refused(good.with("authorization", "Basic YTpi"), 401, "unauthenticated", again);
        refused(good.with("authorization", "Bearer " + "x".repeat(40)), 401, "bad_key", again);
        refused(good.with("authorization", "Bearer ck_" + "0".repeat(64)), 401, "bad_key", again);
        refused(good.with("authorization", "Bearer " + expiredToken()), 401, "bad_token", "Get a new one");
        refused(good.with("authorization", "Bearer " + cast.expired()), 401, "bad_key", again);
        refused(good.with("authorization", "Bearer " + cast.revoked()), 401, "bad_key", again);
        refused(nobody.target(good.target() + "?ticket=ct_none"), 401, "bad_ticket", "Get a new one");
        refused(nobody.target(good.target() + "?access_token=" + me.key()), 400, "credentials_in_url", "revoke it");
        refused(good.target(good.target() + "?x=" + me.key()), 400, "credentials_in_url", "revoke it");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void a_key_opens_what_it_is_for(Endpoint e) {
        var good = me.good(e);
        for (var scope : List.of("chat", "ops", "keys", "catalog")) {
            if (!scope.equals(e.scope())) {
                refused(
                        good.with("authorization", "Bearer " + cast.onlyFor().get(scope)),
                        403,
                        "missing_scope",
                        "'" + e.scope() + "'. Use such a key");
            }
        }
        if (e.changes()) {
            refused(good.with("authorization", "Bearer " + cast.viewer()), 403, "read_only", "Use a key");
        }
        if (e.role() == Endpoint.Role.ADMIN) {
            refused(good.with("authorization", "Bearer " + cast.member()), 403, "admin_only", "use an admin's key");
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void other_names_and_other_pages_are_turned_away(Endpoint e) {
        var good = me.good(e);
        refused(good.with("host", "evil.test"), 421, "unknown_host", "Add it to continuo.allowed-hosts");
        refused(good.with("host", "evil.test:9080"), 421, "unknown_host", "Add it to continuo.allowed-hosts");
        refused(good.with("origin", "https://evil.test"), 403, "foreign_origin", "Add theirs");
        refused(good.with("origin", "null"), 403, "foreign_origin", "Add theirs");
        refused(good.with("origin", "http://127.0.0.1:1"), 403, "foreign_origin", "Add theirs");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void a_path_has_its_methods(Endpoint e) {
        var answer =
                refused(me.good(e).method(e.wrongMethod()), 405, "method_not_allowed", "the header Allow names them");
        softly.assertThat(answer.header("allow")).as("Allow of " + e).hasValueSatisfying(a -> assertThat(a)
                .contains(e.method()));
        refused(me.good(e).target(e.at(me.own(e)) + "/nothing/nothing"), 404, "not_found", "Compare it with");
        if (!e.path().endsWith("/stop") && e.lookup() != Endpoint.Lookup.FILE) {
            refused(me.good(e).with("accept", "image/png"), 406, "not_acceptable", "Accept");
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void an_id_is_an_id(Endpoint e) {
        if (e.takesId() && e.lookup() != Endpoint.Lookup.NODE) {
            for (var id : NO_IDS) {
                refused(me.good(e).target(e.at(id)), 400, "bad_id", "Use such an id");
            }
            for (var id : NO_PATHS) {
                var answer = send(server, me.good(e).target(e.at(id)));
                softly.assertThat(answer.status()).as(id).isEqualTo(400);
                softly.assertThat(answer.body())
                        .contains("invalid or improperly encoded")
                        .doesNotContain(me.key(), me.admin());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void what_belongs_to_others_is_unknown(Endpoint e) {
        var good = me.good(e);
        for (var other : List.of(cast.colleague(), cast.stranger())) {
            var request = good.target(e.at(other.named(e)));
            switch (e.lookup()) {
                case THREAD -> refused(request, 404, "unknown_thread", "GET /api/threads lists yours");
                case RUN -> {
                    if (e.scope().equals("ops") && other == cast.colleague()) {
                        continue; // Operators see all runs of their organisation.
                    }
                    refused(request, 404, "unknown_run", "lists");
                }
                case KEY -> {
                    if (other == cast.stranger()) {
                        refused(request, 404, "unknown_key", "GET /api/keys lists them");
                    }
                }
                case NEW_THREAD -> {
                    if (other == cast.colleague()) {
                        refused(
                                good.target(e.at(other.client())),
                                404,
                                "unknown_thread",
                                "GET /api/threads lists your");
                    }
                }
                case CHAT ->
                    softly.assertThat(send(server, request).status())
                            .as(e + " of somebody else")
                            .isEqualTo(204);
                case PROVIDER -> refused(request, 404, "unknown_provider", "GET /api/providers lists them");
                case AGENT -> {
                    if (other == cast.stranger() && !e.method().equals("PUT")) {
                        refused(request, 404, "unknown_agent", "GET /api/agents lists them");
                    }
                }
                case MCP_SERVER -> {
                    if (!e.method().equals("PUT")) {
                        refused(request, 404, "unknown_mcp_server", "GET /api/mcp-servers lists them");
                    }
                }
                case FILE -> refused(request, 404, "unknown_file", "POST it to /api/files again");
                case TIER -> refused(good.target(e.at("huge")), 404, "unknown_tier", "They are");
                case NODE, NOTHING -> {}
            }
        }
        if (e.lookup() == Endpoint.Lookup.RUN) {
            refused(good.target(e.at(UUID.randomUUID().toString())), 404, "unknown_run", "lists");
            refused(good.target(e.at("not-a-uuid")), 404, "unknown_run", "lists");
        }
        if (e.lookup() == Endpoint.Lookup.NODE) {
            for (var node : List.of("nobody", "*", "a.b", "%3E")) {
                refused(good.target(e.at(node)), 404, "unknown_node", "GET /api/admin/nodes lists them");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void a_body_is_what_the_endpoint_reads(Endpoint e) {
        if (e.kind() == Endpoint.Body.NONE) {
            return;
        }
        if (e.kind() == Endpoint.Body.FILE) {
            aFileIsWhatItsBytesAre(me.good(e));
            return;
        }
        boolean strict = e.kind() == Endpoint.Body.STRICT;
        var good = me.good(e);
        var json = strict ? "Send one JSON object" : "Check it";
        for (var text : List.of("{", "{\"a\":}", "{'a':1}", "nonsense", "{\"a\":\"\\ud83d\\u\"}", "\u0000")) {
            refused(good.json(text), 400, "malformed_json", json);
        }
        refused(good.body(new byte[0]).with("content-length", "0"), 400, "malformed_json", json);
        refused(good.body(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'}), 400, "malformed_json", json);
        for (var text : List.of("[]", "7", "\"text\"", e.body() + " {}")) {
            refused(good.json(text), 400, strict ? "wrong_type" : "malformed_json", "one JSON object");
        }
        refused(good.json("null"), 400, "malformed_json", "JSON object");
        for (var type : List.of("text/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
            refused(good.with("content-type", type), 415, "unsupported_media_type", "Content-Type: application/json");
        }
        int most = strict ? BODY : CHAT_BODY;
        refused(good.json(padded(e.body(), most + 1)), 413, "body_too_large", "Send less");
        refused(good.with("content-length", Integer.toString(most + 1)), 413, "body_too_large", "Send less");
        softly.assertThat(
                        send(server, good.with("content-length", "1073741824")).status())
                .as("a gigabyte, announced")
                .isEqualTo(413);
        if (strict) {
            refused(good.with("content-type", "text/plain"), 415, "unsupported_media_type", "application/json");
            refused(good.json("{\"unknown\":1," + e.body().substring(1)), 400, "unknown_field", "Leave it out");
            refused(
                    good.json("{\"" + first(e) + "\":1,\"" + first(e) + "\":2}"),
                    400,
                    "malformed_json|wrong_type",
                    ".");
        }
    }

    private void aFileIsWhatItsBytesAre(Request good) {
        refused(good.body(new byte[0]).with("content-length", "0"), 400, "empty_file", "Send at least one");
        for (var bytes : List.of(new byte[] {0}, new byte[] {(byte) 0xc3, '('}, new byte[] {'P', 'K', 3, 4})) {
            refused(good.body(bytes), 415, "unsupported_file", "Send it as one of these");
        }
        refused(good.with("content-type", "image/png"), 415, "unsupported_file", "Send it as one of these");
        refused(good.with("content-type", "application/pdf"), 415, "unsupported_file", "Send it as one of these");
        refused(good.body(new byte[FILE + 1]), 413, "body_too_large", "Send less");
        refused(good.with("content-length", Integer.toString(FILE + 1)), 413, "body_too_large", "Send less");
    }

    private static String first(Endpoint e) {
        return e.body().substring(2, e.body().indexOf('"', 2));
    }

    @Test
    void every_other_mistake_has_its_sentence() {
        for (var row : Mistake.all(me)) {
            refused(row.request(), row.status(), row.code(), row.says());
        }
    }

    @Test
    void a_body_without_an_end_is_cut_early() throws IOException {
        var messages = Request.of("POST", "/api/threads/" + me.client() + "/messages")
                .with("authorization", "Bearer " + me.key())
                .with("content-type", "application/json");
        assertThat(RawHttp.flood(server, messages, 1L << 30)).isLessThan(64L << 20);
    }

    private RawHttp.Answer refused(Request request, int status, String code, String says) {
        var answer = send(server, request);
        var what = (request.method() + " " + request.target() + " " + request.headers() + " "
                        + new String(request.body(), 0, Math.min(80, request.body().length)))
                .replaceAll("ck_[^ ,}]+", "ck_…");
        softly.assertThat(answer.status()).as(what + " → " + answer.body()).isEqualTo(status);
        if (!request.method().equals("HEAD")) {
            softly.assertThat(answer.code()).as(what).matches(code);
            softly.assertThat(answer.detail()).as(what).contains(says).endsWith(".");
        }
        if (!request.method().equals("HEAD")) {
            softly.assertThat(answer.json().path("status").asInt()).as(what).isEqualTo(status);
            softly.assertThat(answer.json().path("title").asText()).as(what).isNotBlank();
        }
        softly.assertThat(answer.headers() + answer.body())
                .as(what)
                .doesNotContainPattern("dev\\.continuo\\.|java\\.|jakarta|com\\.ibm|Exception|openliberty|" + me.key()
                        + "|" + me.admin());
        softly.assertThat(answer.header("x-content-type-options")).as(what).hasValue("nosniff");
        softly.assertThat(answer.header("cache-control")).as(what).hasValueSatisfying(c -> assertThat(c)
                .contains("no-store"));
        softly.assertThat(answer.header("x-request-id")).as(what).isPresent();
        return answer;
    }

    private static String expiredToken() {
        var issuer = WarServer.issuer();
        return issuer.sign(issuer.claims(Instant.now().minusSeconds(3600)));
    }

    private static String padded(String body, int size) {
        return body + " ".repeat(size - body.length());
    }

    private static String newAddress() {
        return "127.0.1." + ADDRESSES.getAndIncrement();
    }

    /** Says something of a thread that nobody else says anything of, and returns what was said before. */
    private List<String> mark() {
        send(
                        server,
                        Request.of("PATCH", "/api/threads/" + me.client())
                                .with("authorization", "Bearer " + me.key())
                                .json("{\"title\":\"a mark\"}"))
                .json();
        return bus.before(m -> new String(m.getData(), java.nio.charset.StandardCharsets.UTF_8).contains(me.thread()));
    }

    /** What others deleted is purged from the broker a minute later, which is none of what is refused here. */
    private static void forgetPurges() {
        WarServer.jdbi().useHandle(h -> h.execute("delete from purges"));
    }

    private static Map<String, Long> rows() {
        return WarServer.jdbi().withHandle(h -> {
            var tables = h.createQuery("select table_name from information_schema.tables where table_schema = 'public'"
                            + " and table_type = 'BASE TABLE' and table_name <> 'audit'")
                    .mapTo(String.class)
                    .list();
            return tables.stream()
                    .collect(Collectors.toMap(t -> t, t -> h.createQuery("select count(*) from \"" + t + "\"")
                            .mapTo(Long.class)
                            .one()));
        });
    }
}
