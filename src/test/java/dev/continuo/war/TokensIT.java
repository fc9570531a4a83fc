package dev.continuo.war;

import static dev.continuo.testkit.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.ForgedTokens;
import dev.continuo.testkit.RawHttp.Request;
import dev.continuo.testkit.SseClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tokens of an OpenID issuer, beside keys and tickets. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class TokensIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final AtomicInteger ADDRESSES = new AtomicInteger(2);

    private final URI server = URI.create(WarServer.url());
    private final String subject = "s-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    private static Api with(String token) {
        return new Api(WarServer.url(), token);
    }

    private String token(String... groups) {
        var issuer = WarServer.issuer();
        return issuer.sign(issuer.claims(Instant.now()).subject(subject).claim("groups", List.of(groups)));
    }

    @Test
    void whoever_comes_with_a_token_has_the_same_threads_as_with_a_key_of_the_same_subject() {
        var api = with(token("continuo-member"));
        var run = api.say("t-" + subject, "m", "many:2").path("runId").asText();
        assertThat(api.awaitEnd(run, SOON).path("state").asText()).isEqualTo("completed");
        var key = Sender.key("{\"name\":\"x\",\"subject\":\"" + subject + "\",\"organisation\":\"tokens\"}");
        assertThat(with(key.key()).messages("t-" + subject)).isEqualTo(api.messages("t-" + subject));
    }

    @Test
    void no_forged_token_opens_anything_and_the_refusal_does_not_say_what_was_wrong_with_it() {
        var softly = new SoftAssertions();
        var detail = new java.util.HashSet<String>();
        ForgedTokens.of(WarServer.issuer(), Instant.now()).forEach((what, token) -> {
            var answer = send(
                    server,
                    Request.of("GET", "/api/threads")
                            .from("127.0.3." + ADDRESSES.getAndIncrement())
                            .with("authorization", "Bearer " + token));
            softly.assertThat(answer.status() + " " + answer.code()).as(what).isEqualTo("401 bad_token");
            softly.assertThat(answer.body()).as(what).doesNotContain(token);
            detail.add(answer.detail());
        });
        softly.assertThat(detail).hasSize(1);
        softly.assertAll();
        assertThat(with(token("continuo-member")).get("/api/threads").status()).isEqualTo(200);
    }

    @Test
    void a_token_in_an_address_is_refused_before_it_works() {
        var answer = send(server, Request.of("GET", "/api/threads?q=" + token("continuo-member")));
        assertThat(answer.status() + " " + answer.code()).isEqualTo("400 credentials_in_url");
    }

    @Test
    void an_admin_by_token_makes_keys_in_the_own_organisation_and_no_other() {
        var admin = with(token("continuo-admin"));
        var made = admin.post("/api/keys", "{\"name\":\"x\"}").expect(201).json();
        assertThat(with(made.path("key").asText()).get("/api/threads").status()).isEqualTo(200);
        var refused = admin.post("/api/keys", "{\"name\":\"x\",\"organisation\":\"default\"}");
        assertThat(refused.status() + " " + refused.code()).isEqualTo("403 beyond_own_rights");
        assertThat(admin.post("/api/keys", "{\"name\":\"x\",\"scopes\":[\"ops\"]}")
                        .code())
                .isEqualTo("beyond_own_rights");
    }

    /** And half a minute later, by which clocks may differ. */
    @Test
    void streams_and_tickets_end_with_the_token() {
        var issuer = WarServer.issuer();
        var until = Instant.now().plusSeconds(15);
        var api = with(issuer.sign(issuer.claims(Instant.now()).subject(subject).expirationTime(Date.from(until))));
        api.post("/api/threads", "{\"id\":\"t-" + subject + "\"}").expect(201);
        var resource = "/api/threads/t-" + subject + "/attach";
        var ticket = api.post("/api/tickets", "{\"resource\":\"" + resource + "\"}")
                .expect(201)
                .json()
                .path("ticket")
                .asText();
        try (var events = api.stream("/api/events", Map.of());
                var attached = api.stream(resource, Map.of());
                var ticketed = SseClient.get(URI.create(WarServer.url() + resource + "?ticket=" + ticket), Map.of())) {
            for (var stream : List.of(events, attached)) {
                assertThat(stream.status()).isEqualTo(200);
                stream.awaitEvent("reconnect", SOON);
                stream.awaitEnd(SOON);
            }
            ticketed.awaitEnd(SOON);
        }
        var again =
                send(server, Request.of("GET", resource + "?ticket=" + ticket).with("last-event-id", "0"));
        assertThat(again.status() + " " + again.code()).isEqualTo("401 bad_ticket");
    }
}
