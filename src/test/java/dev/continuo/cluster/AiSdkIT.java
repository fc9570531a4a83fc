package dev.continuo.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.continuo.testkit.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The npm packages {@code ai} 5, 6 and 7 and {@code eventsource}, unmodified; the tests are in src/test/js. */
class AiSdkIT {
    private static final int SKIPPED = 77;
    private static final Path FACTS = Path.of("target", "js-cluster.json").toAbsolutePath();
    private static final Path OUTPUT = Path.of("target", "js-tests.log");

    private final Cluster cluster = Cluster.shared();

    @BeforeEach
    @AfterEach
    void heal() {
        cluster.heal();
    }

    @Test
    void unmodified_clients_read_resume_and_stop_on_any_node() throws IOException, InterruptedException {
        cluster.describe(FACTS);
        var command = new ProcessBuilder("src/test/js/run.sh")
                .redirectErrorStream(true)
                .redirectOutput(OUTPUT.toFile());
        command.environment().put("CONTINUO_CLUSTER", FACTS.toString());
        command.environment().put("CONTINUO_MAY_KILL", "1");
        var tests = command.start();
        boolean ended = tests.waitFor(10, TimeUnit.MINUTES);
        tests.descendants().forEach(ProcessHandle::destroyForcibly);
        tests.destroyForcibly();
        String output = Files.readString(OUTPUT);
        System.out.println(output);
        assumeTrue(!ended || tests.exitValue() != SKIPPED, output);
        assertThat(ended && tests.exitValue() == 0)
                .as("the last lines of %s:%n%s", OUTPUT, output.substring(Math.max(0, output.length() - 4000)))
                .isTrue();
    }
}
