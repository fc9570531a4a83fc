package dev.continuo.cluster;

import static dev.continuo.cluster.Scene.SOON;
import static dev.continuo.cluster.Scene.awaitChunk;
import static dev.continuo.cluster.Scene.awaitTerminal;
import static dev.continuo.cluster.Scene.chunks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.continuo.testkit.Api;
import dev.continuo.testkit.Await;
import dev.continuo.testkit.SmallDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Disks that are really full: small file systems in memory, filled to the last byte. */
class DiskFaultsIT {
    private static final String NO_MOUNT = "a file system can be mounted by root only: F19 is not tried";

    private final Scene scene = Scene.open();
    private Optional<SmallDisk> disk = Optional.empty();

    @AfterEach
    void unmount() {
        disk.ifPresent(SmallDisk::close);
    }

    @Test
    void f19_a_full_disk_of_the_broker_leaves_the_database_and_the_answer_is_right() {
        scene.cluster.nats().kill9();
        disk = SmallDisk.over(scene.cluster.nats().store(), 32);
        try {
            scene.cluster.nats().start();
            assumeTrue(disk.isPresent(), NO_MOUNT);
            var prompt = scene.prompt("slow:150x40");
            var run = scene.say(1, prompt);
            var watchers =
                    List.of(scene.api(2).attach(scene.thread), scene.api(3).attachRun(run));
            watchers.forEach(watcher -> awaitChunk(watcher, run, 20));
            disk.get().fill();
            watchers.forEach(watcher -> awaitChunk(watcher, run, 100));
            disk.get().makeRoom();
            watchers.forEach(watcher -> awaitTerminal(watcher, run));
            assertThat(scene.api(1).run(run).path("epoch").asInt()).isEqualTo(1);
            assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
            scene.assertAllSaw(run, chunks(150), watchers);
        } finally {
            scene.cluster.nats().kill9();
            disk.ifPresent(SmallDisk::close);
            scene.cluster.nats().start();
        }
    }

    /** A table space of its own for what grows; a full disk under the write-ahead log ends the server, which is F9. */
    @Test
    void f19_a_full_disk_of_the_database_refuses_messages_and_keeps_runs_waiting_until_there_is_room() {
        var folder = Path.of("target", "small-disk-" + UUID.randomUUID()).toAbsolutePath();
        disk = SmallDisk.over(folder, 24);
        assumeTrue(disk.isPresent(), NO_MOUNT);
        scene.sql("create tablespace small location '" + folder + "'");
        try {
            scene.sql("alter table run_segments set tablespace small");
            scene.sql("alter table messages set tablespace small");
            var prompt = scene.prompt("slow:100x60 size:3000");
            var run = scene.say(1, prompt);
            var watcher = scene.api(2).attach(scene.thread);
            awaitChunk(watcher, run, 20);
            disk.get().fill();
            Await.until("a message is refused", SOON, () -> post().status() == 503);
            assertThat(post().headers().firstValue("retry-after")).isPresent();
            disk.get().makeRoom();
            Await.until("messages are accepted again", SOON, () -> post().status() == 202);
            awaitTerminal(watcher, run);
            assertThat(scene.api(1).run(run).path("state").asText()).isEqualTo("completed");
            assertThat(scene.api(1).run(run).path("epoch").asInt()).isEqualTo(1);
            assertThat(scene.cluster.providerCalls(prompt)).isEqualTo(1);
            watcher.close();
        } finally {
            disk.get().makeRoom();
            scene.sql("alter table run_segments set tablespace pg_default");
            scene.sql("alter table messages set tablespace pg_default");
            scene.sql("drop tablespace small");
        }
    }

    /** Too large for the pages that are there, and nothing that could be compressed. */
    private Api.Reply post() {
        var text = new Random()
                .ints(20_000, 0x4e00, 0x9fa5)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        return scene.api(3)
                .post(
                        "/api/threads/t-" + UUID.randomUUID() + "/messages",
                        Api.message(UUID.randomUUID().toString(), "many:1 # " + text));
    }
}
