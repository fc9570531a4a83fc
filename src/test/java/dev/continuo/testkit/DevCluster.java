package dev.continuo.testkit;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** {@code bin/dev}: a cluster to try things on. It runs until it is interrupted and ends everything that it started. */
public final class DevCluster {
    private static final Path FOLDER = Path.of("target", "dev");
    private static final Path DESCRIPTION = FOLDER.resolve("cluster.json");
    private static final String USAGE = """
            bin/dev [--nodes N] [--port P] [--limits on|off]

              --nodes N       Liberty nodes, 1 by default
              --port P        the first node's HTTP port, 9080 by default; the others follow
              --limits off    raises stream, queue and rate limits, for measurements

            CONTINUO_DB_URL, CONTINUO_NATS_URL and CONTINUO_OPENAI_BASE_URL with CONTINUO_OPENAI_API_KEY and
            CONTINUO_MODEL take the place of what would be started otherwise.
            """;
    private static final PrintStream OUT = System.out;
    /** Held until this process ends, whichever way it does. */
    private static FileLock alone;

    private DevCluster() {}

    public static void main(String[] args) throws InterruptedException {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            OUT.print(USAGE);
            return;
        }
        try {
            run(DevOptions.parse(args, System.getenv()));
        } catch (DevOptions.Wrong | IllegalStateException | UncheckedIOException | AssertionError e) {
            fail(e.getMessage());
        } catch (CompletionException e) {
            fail(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        }
    }

    private static void fail(String sentence) {
        System.err.println("bin/dev: " + sentence);
        System.exit(1);
    }

    private static void run(DevOptions options) throws InterruptedException {
        long began = System.nanoTime();
        alone = takeFolder();
        AtExit.add(DevCluster::forget);
        Cluster cluster = Cluster.launch(options.plan(FOLDER), message -> say(began, message));
        AtExit.add(() -> {
            OUT.println("\nEnding …");
            cluster.end(Duration.ofSeconds(8));
        });
        cluster.describe(DESCRIPTION);
        OUT.print(welcome(cluster));
        OUT.flush();
        new CountDownLatch(1).await();
    }

    /** Two of them would share the files of one database, and the first to end would take it from the other. */
    private static FileLock takeFolder() {
        try {
            Files.createDirectories(FOLDER);
            var lock = FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .tryLock();
            if (lock == null) {
                throw new IllegalStateException(
                        "another bin/dev runs in this folder, or is still ending; end it first, or use another clone.");
            }
            return lock;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forget() {
        try {
            Files.deleteIfExists(DESCRIPTION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void say(long began, String message) {
        OUT.printf("%5.1f s  %s%n", (System.nanoTime() - began) / 1e9, message);
    }

    private static String welcome(Cluster cluster) {
        String one = cluster.node(1).url();
        String other = cluster.node(Math.min(2, cluster.nodes().size())).url();
        String key = cluster.apiKey();
        return """

            Console  %1$s/#key=%3$s%6$s
            API key  %3$s
            Facts    %4$s (logs beside it)

            Post a message, watch it, and watch it from the fifth event on%5$s:

            curl -s -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' -d '{"message":{"role":"user","parts":[{"type":"text","text":"slow:200x50"}]}}' %1$s/api/threads/demo/messages
            curl -N -H 'Authorization: Bearer %3$s' %1$s/api/threads/demo/attach
            curl -N -H 'Authorization: Bearer %3$s' -H "Last-Event-ID: $(curl -sN -m 9 -H 'Authorization: Bearer %3$s' %1$s/api/threads/demo/attach | grep -m5 '^id:' | tail -1 | cut -c5-)" %2$s/api/threads/demo/attach

            Ctrl-C ends everything.
            """.formatted(
                        one,
                        other,
                        key,
                        DESCRIPTION,
                        cluster.nodes().size() > 1 ? " on another node" : "",
                        System.getenv("CONTINUO_OPENAI_BASE_URL") == null ? "&scripted=1" : "");
    }
}
