package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.node.NodeId;
import dev.continuo.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReaperIT {
    private static final Duration LONG = Duration.ofHours(1);

    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n");
    private final Beat beat = beat(node, -7_234_567_890_123_456_789L);
    private final Leases leases = new Leases();
    private Connection session;
    private UUID run;

    private static Beat beat(NodeId node, long key) {
        return new Beat(node, key, Beat.Readiness.SERVING, "{\"runs\":1}", Optional.empty());
    }

    @BeforeEach
    void a_node_with_a_run() throws SQLException {
        lease("200 milliseconds");
        session = truth.database.dataSource().getConnection();
        leases.renew(session, beat);
        run = truth.post("t").run();
        truth.start(node);
    }

    @AfterEach
    void end() throws SQLException {
        session.close();
    }

    private void lease(String lease) {
        truth.execute("update settings set lease = '" + lease + "', probe_age = '50 milliseconds'");
    }

    private void renewWithALongLease() throws SQLException {
        lease("1 hour");
        leases.renew(session, beat);
        lease("200 milliseconds");
    }

    @Test
    void a_renewal_holds_the_lock_and_brings_the_shared_figures() throws SQLException {
        assertThat(leases.renew(session, beat))
                .isEqualTo(new Renewal(
                        new Cadence(
                                Duration.ofMillis(200),
                                Duration.ofMillis(1500),
                                Duration.ofMillis(50),
                                Duration.ofSeconds(1)),
                        true,
                        false));
        new Nodes(truth.jdbi).askDrain("n");
        leases.renew(session, beat);
        assertThat(new Nodes(truth.jdbi).list()).singleElement().satisfies(n -> {
            assertThat(n.name()).isEqualTo("n");
            assertThat(n.lockHeld()).isTrue();
            assertThat(n.running()).isEqualTo(1);
            assertThat(n.isAlive()).isTrue();
            assertThat(n.loadJson()).isEqualTo("{\"runs\": 1}");
        });
        assertThat(leases.renew(session, beat).drainAsked()).isTrue();
    }

    @Test
    void a_second_session_does_not_get_the_lock_before_the_first_has_ended() throws SQLException {
        try (Connection second = truth.database.dataSource().getConnection()) {
            assertThat(leases.renew(second, beat).lockHeld()).isFalse();
            session.close();
            Await.until("the lock is free", Duration.ofSeconds(5), () -> renewed(second)
                    .lockHeld());
        }
    }

    private Renewal renewed(Connection connection) {
        try {
            return leases.renew(connection, beat);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_living_node_keeps_its_runs() throws SQLException {
        renewWithALongLease();
        Await.until(
                "the renewal is old",
                Duration.ofSeconds(5),
                () -> truth.one(
                        "select bool_and(renewed_at < clock_timestamp() - interval '100 ms') from nodes",
                        boolean.class));

        assertThat(truth.reap(LONG)).isEmpty();
    }

    @Test
    void the_runs_of_a_node_whose_lease_is_over_are_ready_again_in_their_seat() {
        Await.until("reaped", Duration.ofSeconds(5), () -> truth.reap(LONG).stream()
                .anyMatch(r -> r.run().equals(run) && r.owner().equals("n")));

        assertThat(truth.run(run))
                .returns(RunState.READY, RunView::state)
                .returns(1, RunView::attempt)
                .returns(Optional.empty(), RunView::node);
        assertThat(truth.claimOne(Truth.node("other")).attempt()).isEqualTo(2);
    }

    @Test
    void a_session_that_ended_is_noticed_long_before_the_lease_is_over() throws SQLException {
        renewWithALongLease();
        session.close();

        Await.until("reaped", Duration.ofSeconds(5), () -> !truth.reap(LONG).isEmpty());
    }

    @Test
    void a_renewal_that_never_held_the_lock_is_judged_by_its_lease_alone() throws SQLException {
        renewWithALongLease();
        truth.execute("update nodes set lock_held = false");
        session.close();
        Await.until(
                "the renewal is old",
                Duration.ofSeconds(5),
                () -> truth.one(
                        "select bool_and(renewed_at < clock_timestamp() - interval '100 ms') from nodes",
                        boolean.class));

        assertThat(truth.reap(LONG)).isEmpty();
    }

    @Test
    void nobody_judges_others_without_a_lease_of_unbroken_renewals() {
        Await.until(
                "the lease is over",
                Duration.ofSeconds(5),
                () -> truth.one("select bool_and(lease_until < clock_timestamp()) from nodes", boolean.class));

        assertThat(truth.reap(Duration.ofMillis(199))).isEmpty();
        assertThat(truth.reap(Duration.ofMillis(200))).hasSize(1);
    }

    @Test
    void nobody_is_judged_in_the_first_lease_after_a_start_of_the_database() {
        Await.until(
                "the lease is over",
                Duration.ofSeconds(5),
                () -> truth.one("select bool_and(lease_until < clock_timestamp()) from nodes", boolean.class));
        lease("1 day");

        assertThat(truth.reap(Duration.ofDays(2))).isEmpty();
    }

    @Test
    void a_node_without_a_row_has_no_right_to_its_runs() {
        truth.execute("delete from nodes");

        Await.until("reaped", Duration.ofSeconds(5), () -> !truth.reap(LONG).isEmpty());
    }

    @Test
    void a_restarted_node_is_another_owner() throws SQLException {
        NodeId reborn = new NodeId("n", UUID.randomUUID());
        try (Connection other = truth.database.dataSource().getConnection()) {
            lease("1 hour");
            leases.renew(other, beat(reborn, 42));
            lease("200 milliseconds");
            session.close();

            Await.until("reaped", Duration.ofSeconds(5), () -> !truth.reap(LONG).isEmpty());
        }
    }

    @Test
    void a_beat_is_late_before_its_node_is_dead_and_never_after() throws SQLException {
        renewWithALongLease();
        truth.execute("update settings set renewal = '100 milliseconds'");
        assertThat(new Nodes(truth.jdbi).list()).singleElement().satisfies(n -> assertThat(n.isAlive())
                .isTrue());
        Await.until(
                "its beat is late",
                Duration.ofSeconds(5),
                () -> new Nodes(truth.jdbi).list().getFirst().late());
        truth.execute("update nodes set lease_until = clock_timestamp() - interval '1 second'");
        assertThat(new Nodes(truth.jdbi).list()).singleElement().satisfies(n -> {
            assertThat(n.isAlive()).isFalse();
            assertThat(n.late()).isFalse();
        });
    }

    @Test
    void who_leaves_politely_ends_its_lease() throws SQLException {
        lease("1 hour");
        leases.renew(session, beat);

        leases.end(session, beat);

        assertThat(new Nodes(truth.jdbi).list()).singleElement().satisfies(n -> {
            assertThat(n.isAlive()).isFalse();
            assertThat(n.draining()).isTrue();
        });
    }

    @Test
    void a_row_that_was_claimed_meanwhile_is_left_to_its_new_owner() throws SQLException {
        NodeId alive = Truth.node("alive");
        try (Connection other = truth.database.dataSource().getConnection()) {
            lease("1 hour");
            leases.renew(other, beat(alive, 43));
            lease("200 milliseconds");
            Await.until("reaped", Duration.ofSeconds(5), () -> !truth.reap(LONG).isEmpty());
            truth.claimOne(alive);

            assertThat(truth.reap(LONG)).isEmpty();
        }
    }
}
