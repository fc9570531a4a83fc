package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileRoomTest {
    private static final Duration NONE = Duration.ZERO;

    private final FileRoom room = new FileRoom(10_240);

    @Test
    void what_is_held_is_nobody_else_s_until_it_is_closed() throws InterruptedException {
        var held = room.take(9_216, NONE).orElseThrow();
        assertThat(room.take(1_025, NONE)).isEmpty();
        try (var rest = room.take(1_024, NONE).orElseThrow()) {
            assertThat(rest).isNotNull();
            assertThat(room.take(1, NONE)).isEmpty();
            assertThat(room.take(0, NONE)).as("without files").isPresent();
        }
        held.close();
        assertThat(room.take(10_240, NONE)).isPresent();
    }

    @Test
    void whoever_has_no_files_waits_for_nobody() throws Exception {
        var held = room.take(10_240, NONE).orElseThrow();
        var waiting = Thread.ofPlatform().start(() -> {
            try {
                room.take(10_240, Duration.ofMinutes(1)).orElseThrow().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Await.until("one waits", Duration.ofSeconds(30), () -> waiting.getState() == Thread.State.TIMED_WAITING);

        assertThat(room.take(0, NONE)).isPresent();

        held.close();
        waiting.join();
    }

    @Test
    void whoever_waits_gets_it_when_it_comes_free() throws Exception {
        var held = room.take(10_240, NONE).orElseThrow();
        var waiting = Thread.ofVirtual().start(held::close);
        assertThat(room.take(5_000, Duration.ofMinutes(1))).isPresent();
        waiting.join();
    }

    @Test
    void what_is_larger_than_all_of_it_gets_all_of_it() throws InterruptedException {
        Optional<FileRoom.Held> held = room.take(1L << 40, NONE);
        assertThat(held).isPresent();
        assertThat(room.take(1, NONE)).isEmpty();
    }

    @Test
    void too_little_is_refused_at_the_start() {
        assertThatThrownBy(() -> new FileRoom(1_023)).hasMessageContaining("continuo.files.node-bytes");
    }
}
