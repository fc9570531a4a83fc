package dev.continuo.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.run.Race;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.Cluster;
import dev.continuo.testkit.ClusterPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Far more requests at once than connections to the database: they take turns, and none holds one while it waits for another. */
class SmallPoolIT {
    private static final int SENDERS = 24;

    private static Cluster cluster;

    @BeforeAll
    static void launch() {
        cluster = Cluster.launch(ClusterPlan.ofNodes(1)
                .in(Path.of("target", "small-pool"))
                .with("CONTINUO_DB_POOL", "2")
                .with("CONTINUO_RUNS_SLOTS", "1")
                .startingOften());
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void a_burst_of_messages_is_accepted_by_two_connections() {
        for (int round = 0; round < 3; round++) {
            forgetTheCatalogue(round);
            assertThat(runsOfABurst()).hasSize(SENDERS).doesNotHaveDuplicates();
        }
    }

    /** So that each message of the burst has to read it, before its transaction. */
    private static void forgetTheCatalogue(int round) {
        cluster.api(1)
                .send(
                        "PUT",
                        "/api/agents/agent-" + round,
                        Map.of("content-type", "application/json"),
                        "{\"instructions\":\"Answer.\"}")
                .expect(200);
    }

    private static List<String> runsOfABurst() {
        return Race.of(SENDERS, () -> cluster.api(1)
                .post(
                        "/api/threads/t-" + UUID.randomUUID() + "/messages",
                        Api.message(UUID.randomUUID().toString(), "many:1"))
                .expect(202)
                .json()
                .path("runId")
                .asText());
    }
}
