package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({WarServer.class, ArquillianExtension.class})
class DeployedWarIT {
    private final Api api = new Api(WarServer.url(), WarServer.API_KEY);

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @BeforeEach
    void ready() {
        Await.until(
                "the node is ready",
                Duration.ofSeconds(60),
                () -> api.get("/health/ready").status() == 200);
    }

    @Test
    void health_metrics_and_openapi_answer_without_a_key() {
        Api nobody = api.as("nobody");
        assertThat(nobody.get("/health/live").expect(200).json().path("status").asText())
                .isEqualTo("UP");
        assertThat(nobody.get("/health/started").status()).isEqualTo(200);
        assertThat(nobody.get("/metrics").expect(200).body()).contains("continuo_");
        assertThat(nobody.get("/openapi").expect(200).body()).contains("/api/threads");
    }

    @Test
    void a_message_is_answered_by_the_provider_and_stored() {
        String thread = "war-" + UUID.randomUUID();
        String run = api.say(thread, "m1", "many:3").path("runId").asText();
        assertThat(api.awaitEnd(run, Duration.ofSeconds(60)).path("state").asText())
                .isEqualTo("completed");
        assertThat(api.messages(thread).toString()).contains("chunk-1 chunk-2 chunk-3 ");
    }

    @Test
    void the_page_is_served_at_the_root() {
        assertThat(api.get("/").expect(200).body()).contains("<title>");
    }
}
