package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.catalog.Choice;
import dev.continuo.file.Upload;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.SentMessage;
import dev.continuo.model.Models;
import dev.continuo.model.RawProvider;
import dev.continuo.nats.NatsConnections;
import dev.continuo.run.RunOptions;
import dev.continuo.run.RunState;
import dev.continuo.run.Steps;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.MemoryLiveLog;
import dev.continuo.testkit.Nats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node whose memory has room for the files of one run at a time. */
class FileRoomIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final NatsConnections nats = NatsConnections.to(Nats.shared().url());
    private final Truth truth = Truth.fresh();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final RawProvider provider = new RawProvider(this::answer);
    private final TestNode node = node();

    FileRoomIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        nats.close();
        provider.close();
    }

    @Test
    void a_run_whose_files_have_no_room_goes_back_and_is_answered_when_there_is_some() {
        var first = send("first", 3_000);
        node.take();
        Await.until("the first is asked for", SOON, () -> provider.calls.get() == 1);

        var second = send("second", 3_000);
        node.take();
        Await.until(
                "the second is given back", SOON, () -> truth.run(second.run()).state() == RunState.READY);
        assertThat(truth.run(second.run()).retryAt()).as("left to other nodes").isPresent();
        assertThat(truth.attempts(second.run())).as("nobody was asked").isEmpty();
        assertThat(truth.one("select tries from runs where run_id = '" + second.run() + "'", int.class))
                .as("and it is no try")
                .isZero();
        assertThat(truth.one(
                        "select count(*) from runs where trying_since is not null and run_id = '" + second.run() + "'",
                        int.class))
                .as("but for how long it waits is known")
                .isEqualTo(1);

        var third = send("third", 0);
        node.take();
        awaitCompleted(third);
        assertThat(truth.run(first.run()).state()).isEqualTo(RunState.RUNNING);

        mayEnd.countDown();
        awaitCompleted(first);
        truth.execute("update runs set ready_at = clock_timestamp() where state = 'READY'");
        node.take();
        awaitCompleted(second);
        assertThat(provider.requests.getLast()).contains("second", "x".repeat(3_000));
    }

    private void awaitCompleted(Accepted sent) {
        Await.until("it is answered", SOON, () -> truth.run(sent.run()).state() == RunState.COMPLETED);
    }

    private void answer(RawProvider.Conversation c) throws Exception {
        if (provider.calls.get() == 1) {
            mayEnd.await();
        }
        c.stream();
        c.text("yes");
        c.finish("stop");
        c.done();
    }

    private Accepted send(String text, int fileBytes) {
        var parts = JsonNodeFactory.instance.arrayNode();
        parts.addObject().put("type", "text").put("text", text);
        if (fileBytes > 0) {
            var bytes = "x".repeat(fileBytes).getBytes(StandardCharsets.US_ASCII);
            parts.add(truth.files
                    .keep(truth.ann, Upload.of(UUID.randomUUID(), "x.txt", "text/plain", bytes, fileBytes))
                    .part());
        }
        return (Accepted) truth.send(new SentMessage(
                truth.org,
                "ann",
                Optional.of(text),
                Optional.of(UUID.randomUUID().toString()),
                "user",
                parts,
                Optional.empty(),
                RunOptions.none(),
                OnBusy.ENQUEUE));
    }

    private TestNode node() {
        var configured = new Choice(
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                new Choice.Where.Configured(Optional.empty()));
        return new TestNode(
                "small",
                truth,
                Steps.on(truth),
                new MemoryLiveLog(),
                nats,
                Models.at(provider.url(), Clock.systemUTC()),
                new PromptAssembly(
                        truth.messages, new Attachments(truth.files, 1 << 20), (_, _) -> configured, Optional.empty()),
                new FileRoom(4_096),
                Optional.empty());
    }
}
