package dev.continuo.war;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a node writes about a run: which one, and nothing that was said in it. */
@ExtendWith({WarServer.class, ArquillianExtension.class})
class LogsIT {
    private final Sender me = Sender.fresh();
    private final Api api = new Api(WarServer.url(), me.key());

    @Deployment(testable = false)
    static WebArchive war() {
        return WarServer.war();
    }

    @Test
    void a_log_names_runs_and_holds_nothing_of_what_was_said_and_no_line_that_a_client_made() throws IOException {
        var canary = "canary-" + UUID.randomUUID();
        var forged = canary + "\\r\\n[ERROR] forged " + canary;
        var run = api.post("/api/threads/" + me.client() + "/messages", """
                {"message":{"role":"user","parts":[{"type":"text","text":"many:3 %s"}]}}
                """.formatted(forged))
                .expect(202)
                .json()
                .path("runId")
                .asText();
        assertThat(api.awaitEnd(run, Duration.ofSeconds(60)).path("state").asText())
                .isEqualTo("completed");
        api.post("/api/threads", "{\"title\":7,\"" + canary + "\":1}").expect(400);
        api.get("/api/runs/" + canary).expect(404);

        Await.until("the run is in the log", Duration.ofSeconds(30), () -> lines().stream()
                .anyMatch(line -> line.contains(run)));
        assertThat(lines()).noneMatch(line -> line.contains(canary)).noneMatch(line -> line.contains("forged"));
    }

    private static List<String> lines() {
        var all = new ArrayList<String>();
        try (var files = Files.walk(Path.of("target", "war-server"))) {
            for (var log : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                all.addAll(Files.readAllLines(log));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }
}
