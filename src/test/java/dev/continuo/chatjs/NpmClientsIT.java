package dev.continuo.chatjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.continuo.testkit.Child;
import dev.continuo.testkit.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the unmodified npm clients of {@code src/test/js} against a cluster. */
class NpmClientsIT {
    private static final Path CLIENTS = Path.of("src", "test", "js");
    private static final Path DESCRIPTION =
            Path.of("target", "cluster", "cluster.json").toAbsolutePath();

    @Test
    void unmodified_npm_clients_send_resume_and_stop_on_any_node() throws Exception {
        assumeTrue(
                Child.executable("npm").isPresent() && Child.executable("node").isPresent(),
                "Node is missing: install Node 20 or later with npm to run the npm clients");
        Cluster.shared().describe(DESCRIPTION);
        assertThat(run(List.of("npm", "ci", "--no-audit", "--no-fund")))
                .as("npm ci")
                .isZero();
        assertThat(run(List.of("npm", "test")))
                .as("npm test, see its output above")
                .isZero();
    }

    private static int run(List<String> command) throws Exception {
        Files.createDirectories(DESCRIPTION.getParent());
        var builder = new ProcessBuilder(command).directory(CLIENTS.toFile()).inheritIO();
        builder.environment().put("CONTINUO_CLUSTER", DESCRIPTION.toString());
        return builder.start().waitFor();
    }
}
