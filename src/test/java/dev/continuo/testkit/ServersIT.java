package dev.continuo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServersIT {
    @Test
    void a_block_commits_all_its_handles_together_and_rolls_them_back_together() throws Exception {
        try (Tx tx = Postgres.shared().database().tx()) {
            tx.run(() -> {
                insert(tx, "one");
                insert(tx, "two");
            });
            assertThatThrownBy(() -> tx.run(() -> {
                        insert(tx, "three");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            insert(tx, "four");
            assertThat(names(tx)).containsExactlyInAnyOrder("one", "two", "four");
        }
    }

    @Test
    void what_was_committed_outlives_an_immediate_restart_of_the_database() throws Exception {
        try (Postgres postgres = Postgres.launch();
                Tx tx = postgres.database().tx()) {
            insert(tx, "kept");
            postgres.restart();
            assertThat(names(tx)).containsExactly("kept");
        }
    }

    @Test
    void nats_keeps_its_port_through_a_kill_and_can_lose_its_store() throws Exception {
        try (Nats nats = Nats.launch()) {
            createStream(nats);
            nats.kill9();
            nats.start();
            assertThat(streams(nats)).containsExactly("S");
            nats.startEmpty();
            assertThat(streams(nats)).isEmpty();
        }
    }

    private static void createStream(Nats nats) throws Exception {
        try (var connection = io.nats.client.Nats.connect(nats.url())) {
            connection
                    .jetStreamManagement()
                    .addStream(io.nats.client.api.StreamConfiguration.builder()
                            .name("S")
                            .subjects("s.>")
                            .build());
        }
    }

    private static java.util.List<String> streams(Nats nats) throws Exception {
        try (var connection = io.nats.client.Nats.connect(nats.url())) {
            return connection.jetStreamManagement().getStreamNames();
        }
    }

    private static void insert(Tx tx, String name) {
        tx.jdbi()
                .useHandle(handle -> handle.execute(
                        "insert into organisations(org_id, name) values (?, ?)", UUID.randomUUID(), name));
    }

    private static java.util.List<String> names(Tx tx) {
        return tx.jdbi()
                .withHandle(handle -> handle.createQuery("select name from organisations where name <> 'default'")
                        .mapTo(String.class)
                        .list());
    }
}
