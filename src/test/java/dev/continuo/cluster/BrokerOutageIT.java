package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.LiveTap;
import dev.continuo.testkit.RunView;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** NATS is away for long, and runs begin, go on and end all the while. */
class BrokerOutageIT {
    /** {@code -Dcontinuo.outage=PT5M} for the long one. */
    private static final Duration OUTAGE = Duration.parse(System.getProperty("continuo.outage", "PT15S"));

    private final Scene scene = Scene.open();

    @Test
    void runs_end_right_without_a_broker_and_the_tail_is_back_soon_after_its_return() {
        try (var tap = LiveTap.on(scene.cluster.natsUrl())) {
            scene.cluster.nats().stop();
            long away = System.nanoTime();
            int runs = 0;
            for (; System.nanoTime() - away < OUTAGE.toNanos(); runs++) {
                var thread = "t-" + UUID.randomUUID();
                var run = scene.api(1 + runs % 3)
                        .say(thread, UUID.randomUUID().toString(), scene.prompt("slow:30x40"))
                        .path("runId")
                        .asText();
                var watcher = scene.api(1 + (runs + 1) % 3).attach(thread);
                awaitTerminal(watcher, run);
                var view = RunView.of(run, watcher.events());
                assertThat(view.text()).isEqualTo(chunks(30));
                assertThat(view.rewinds()).isEmpty();
                assertThat(view.epochs().values()).containsOnly(1L);
                watcher.close();
            }
            var run = scene.say(1, scene.prompt("slow:400x40"));
            scene.awaitCommitted(run, 20);
            assertThat(tap.of(run)).isEmpty();
            scene.cluster.nats().start();
            long back = System.nanoTime();
            Await.until(
                    "the live tail has the run again", SOON, () -> !tap.of(run).isEmpty());
            Figures.line("· broker outage of " + OUTAGE + ": " + runs + " runs ended right");
            Figures.print(
                    "broker outage: from the return of NATS to the live tail",
                    back,
                    tap.of(run).getFirst().at());
            assertThat(scene.api(2).awaitEnd(run, SOON).path("epoch").asInt()).isEqualTo(1);
            assertThat(RunView.stored(scene.api(3), scene.thread, run)).isEqualTo(chunks(400));
        }
    }
}
