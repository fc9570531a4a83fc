package dev.continuo.chatjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.continuo.testkit.Cluster;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the unmodified npm packages {@code ai} 5, 6 and 7 and {@code eventsource} against a cluster: src/test/js. */
class NpmClientsIT {
    private static final int NODE_IS_MISSING = 77;
    private static final Path FACTS =
            Path.of("target", "cluster", "cluster.json").toAbsolutePath();
    private static final Path SAID = Path.of("target", "npm-clients.log");

    private final Cluster cluster = Cluster.shared();

    @BeforeEach
    @AfterEach
    void heal() {
        cluster.heal();
    }

    @Test
    void unmodified_npm_clients_send_resume_and_stop_on_any_node_and_outlive_its_death() throws Exception {
        run();
    }

    @Test
    void unmodified_npm_clients_outlive_the_death_of_a_node_inside_a_tool() throws Exception {
        run("agents-takeover.js");
    }

    /** All that are named {@code *.test.js} where none is named. */
    private void run(String... files) throws Exception {
        cluster.describe(FACTS);
        // Input and output of this JVM belong to the runner of the test, and Node makes its input non-blocking.
        var words = Stream.concat(Stream.of("src/test/js/run.sh"), Stream.of(files));
        var script = new ProcessBuilder(words.toList())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(SAID.toFile());
        script.environment().put("CONTINUO_CLUSTER", FACTS.toString());
        script.environment().put("CONTINUO_MAY_KILL", "1");
        var tests = script.start();
        try {
            assertThat(tests.waitFor(10, TimeUnit.MINUTES)).as("ended in time").isTrue();
            assumeFalse(tests.exitValue() == NODE_IS_MISSING, "Node is missing: install Node 20 or later with npm");
            assertThat(tests.exitValue()).as("see the output above").isZero();
        } finally {
            System.out.println(Files.readString(SAID));
            tests.descendants().forEach(ProcessHandle::destroyForcibly);
            tests.destroyForcibly();
        }
    }
}
