package dev.continuo.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.identity.Tickets.Opening;
import dev.continuo.testkit.Database;
import dev.continuo.testkit.ManualClock;
import dev.continuo.testkit.Postgres;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysAndTicketsIT {
    private static final String BOOTSTRAP = "ck_bootstrap_of_this_test";
    private static final String STREAM = "/api/threads/t/attach";

    private final ManualClock clock = new ManualClock();
    private Jdbi jdbi;
    private ApiKeys here;
    private ApiKeys there;
    private Tickets tickets;
    private Caller admin;
    private static final Audit.Filter ALL = new Audit.Filter(Optional.empty(), Optional.empty());

    @BeforeEach
    void two_nodes_on_one_database() {
        Database database = Postgres.shared().database();
        jdbi = Jdbi.create(database.dataSource());
        here = node();
        there = node();
        tickets = new Tickets(jdbi, Duration.ofMinutes(36));
        admin = here.callerOf(new Secret(BOOTSTRAP)).orElseThrow();
    }

    @Test
    void the_key_of_the_configuration_administers_the_default_organisation() {
        assertThat(admin)
                .isEqualTo(new Caller(
                        Organisations.idOf("default"),
                        "admin",
                        Role.ADMIN,
                        EnumSet.allOf(Scope.class),
                        Optional.empty()));
        assertThat(here.callerOf(new Secret(BOOTSTRAP + "x"))).isEmpty();
    }

    @Test
    void a_made_key_opens_on_every_node_and_the_database_holds_only_its_hash() {
        var made = make("anna", Optional.empty());
        var expected = new Caller(admin.org(), "anna", Role.MEMBER, Set.of(Scope.CHAT), Optional.of(made.id()));
        assertThat(here.callerOf(made.key())).contains(expected);
        assertThat(there.callerOf(made.key())).contains(expected);
        var dump = jdbi.withHandle(h -> h.createQuery("select k::text from api_keys k")
                .mapTo(String.class)
                .list());
        assertThat(dump).singleElement().asString().doesNotContain(made.key().text());
        assertThat(actions()).containsExactly("key.create");
    }

    @Test
    void a_revoked_key_is_refused_here_at_once_and_elsewhere_after_the_cache() {
        var made = make("anna", Optional.empty());
        assertThat(here.callerOf(made.key())).isPresent();
        assertThat(there.callerOf(made.key())).isPresent();
        assertThat(here.revoke(admin.org(), made.id(), by())).isTrue();
        assertThat(here.callerOf(made.key())).isEmpty();
        clock.advance(Duration.ofSeconds(3));
        assertThat(there.callerOf(made.key())).isEmpty();
        assertThat(here.revoke(admin.org(), made.id(), by()))
                .as("revoking twice")
                .isTrue();
        assertThat(actions()).containsExactly("key.create", "key.revoke");
    }

    @Test
    void another_organisation_cannot_revoke_a_key() {
        var made = make("anna", Optional.empty());
        assertThat(here.revoke(UUID.randomUUID(), made.id(), by())).isFalse();
        assertThat(here.callerOf(made.key())).isPresent();
    }

    @Test
    void an_expired_key_is_refused() {
        assertThat(here.callerOf(make("anna", Optional.of(Instant.parse("2020-01-01T00:00:00Z")))
                        .key()))
                .isEmpty();
        assertThat(here.callerOf(make("anna", Optional.of(Instant.parse("2200-01-01T00:00:00Z")))
                        .key()))
                .isPresent();
    }

    @Test
    void a_ticket_opens_its_stream_once_and_then_only_reconnects() {
        var ticket = tickets.issue(admin, STREAM);
        assertThat(tickets.use(ticket, "/api/threads/u/attach", Opening.FRESH)).isEmpty();
        assertThat(tickets.use(ticket, STREAM, Opening.FRESH)).contains(admin);
        assertThat(tickets.use(ticket, STREAM, Opening.FRESH)).isEmpty();
        assertThat(tickets.use(ticket, STREAM, Opening.RECONNECT)).contains(admin);
        assertThat(tickets.use(ticket, "/api/threads/u/attach", Opening.RECONNECT))
                .isEmpty();
        assertThat(tickets.use(Secret.random("ct_"), STREAM, Opening.FRESH)).isEmpty();
    }

    @Test
    void a_ticket_that_was_left_lying_for_30_s_opens_nothing() {
        var ticket = tickets.issue(admin, STREAM);
        change("update tickets set issued_at = issued_at - interval '30 seconds'");
        assertThat(tickets.use(ticket, STREAM, Opening.FRESH)).isEmpty();
        assertThat(tickets.use(ticket, STREAM, Opening.RECONNECT)).isEmpty();
    }

    @Test
    void reconnects_end_with_the_life_of_the_stream() {
        var ticket = tickets.issue(admin, STREAM);
        assertThat(tickets.use(ticket, STREAM, Opening.FRESH)).isPresent();
        change("update tickets set expires_at = clock_timestamp()");
        assertThat(tickets.use(ticket, STREAM, Opening.RECONNECT)).isEmpty();
    }

    @Test
    void a_ticket_ends_with_the_key_it_was_made_with() {
        var made = make("anna", Optional.empty());
        var ticket = tickets.issue(here.callerOf(made.key()).orElseThrow(), STREAM);
        assertThat(tickets.use(ticket, STREAM, Opening.FRESH)).isPresent();
        here.revoke(admin.org(), made.id(), by());
        assertThat(tickets.use(ticket, STREAM, Opening.RECONNECT)).isEmpty();
    }

    @Test
    void a_stream_ends_with_the_key_or_the_token_that_opened_it() {
        var made = make("anna", Optional.of(clock.instant().plusSeconds(10)));
        jdbi.useHandle(h -> h.execute("update api_keys set expires_at = clock_timestamp() + interval '1 hour'"));
        var anna = here.callerOf(made.key()).orElseThrow();
        assertThat(there.stillGood(anna)).isTrue();
        here.revoke(admin.org(), made.id(), by());
        assertThat(there.stillGood(anna)).isFalse();
        var token = token(clock.instant().plusSeconds(10));
        assertThat(here.stillGood(token)).isTrue();
        clock.advance(Duration.ofSeconds(10));
        assertThat(here.stillGood(token)).isFalse();
        assertThat(here.stillGood(admin)).isTrue();
    }

    @Test
    void a_ticket_of_a_token_is_good_as_long_as_the_token_and_its_streams_know_how_long() {
        var now = databaseNow();
        var ticket = tickets.issue(token(now.plusSeconds(600)), STREAM);
        assertThat(tickets.use(ticket, STREAM, Opening.FRESH)).contains(token(now.plusSeconds(600)));
        assertThat(tickets.use(tickets.issue(token(now), STREAM), STREAM, Opening.FRESH))
                .isEmpty();
    }

    @Test
    void whoever_comes_with_a_token_makes_no_keys_for_other_organisations() {
        assertThat(token(clock.instant()).isConfigured()).isFalse();
        assertThat(here.callerOf(make("anna", Optional.empty()).key())
                        .orElseThrow()
                        .isConfigured())
                .isFalse();
        assertThat(admin.isConfigured()).isTrue();
    }

    @Test
    void the_audit_is_read_in_pages_by_its_own_organisation_and_never_changed() {
        var audit = new Audit(jdbi);
        for (int i = 0; i < 5; i++) {
            audit.write(by(), "thing.do", "t" + i, "done");
        }
        audit.write(new Audit.By(UUID.randomUUID(), "eve", "r"), "thing.do", "theirs", "done");
        var first = audit.list(admin.org(), ALL, Long.MAX_VALUE, 3);
        var rest = audit.list(admin.org(), ALL, first.getLast().id(), 3);
        assertThat(first).extracting(e -> e.target().orElseThrow()).containsExactly("t4", "t3", "t2");
        assertThat(rest).extracting(e -> e.target().orElseThrow()).containsExactly("t1", "t0");
        for (var sql : java.util.List.of("update audit set subject = 'nobody'", "delete from audit")) {
            assertThatThrownBy(() -> change(sql)).hasMessageContaining("only ever added to");
        }
        assertThat(actions()).hasSize(6);
    }

    private Caller token(Instant until) {
        return new Caller(admin.org(), "anna", Role.MEMBER, Set.of(Scope.CHAT), Optional.empty(), Optional.of(until));
    }

    private Instant databaseNow() {
        return jdbi.withHandle(h ->
                h.createQuery("select clock_timestamp()").mapTo(Instant.class).one());
    }

    private ApiKeys node() {
        var keys = new KeyStore(jdbi);
        var organisations = new Organisations(jdbi);
        var steps = new KeySteps(keys, organisations, new Audit(jdbi));
        return new ApiKeys(keys, steps, organisations, clock, Duration.ofSeconds(3), Optional.of(BOOTSTRAP));
    }

    private ApiKeys.Made make(String subject, Optional<Instant> expiry) {
        var wanted = new ApiKeys.NewKey("test", subject, Role.MEMBER, Set.of(Scope.CHAT), expiry);
        return here.create(admin.org(), wanted, by());
    }

    private Audit.By by() {
        return Audit.By.of(admin, "request-1");
    }

    private java.util.List<String> actions() {
        return jdbi.withHandle(h -> h.createQuery("select action from audit order by audit_id")
                .mapTo(String.class)
                .list());
    }

    private void change(String sql) {
        jdbi.useHandle(h -> h.execute(sql));
    }
}
