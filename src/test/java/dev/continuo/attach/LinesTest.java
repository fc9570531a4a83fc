package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final FakeThread thread = new FakeThread(new FakeLive());
    private final Lines lines = new Lines(thread, Duration.ZERO);

    @Test
    void a_look_that_failed_is_taken_again_even_where_nothing_has_changed() {
        var first = lines.join(thread.id, new Signal());
        Await.until("the first look", DEADLINE, () -> first.line().looked(first.firstLook()));
        thread.isAway(true);
        var second = lines.join(thread.id, new Signal());
        Await.until("a look that fails", DEADLINE, () -> thread.turnedAway() > 0);
        thread.isAway(false);

        Await.until("the look that is owed", DEADLINE, () -> {
            lines.compare();
            return second.line().looked(second.firstLook());
        });
        assertThat(second.line().runs().orElseThrow().runs()).isEmpty();
    }
}
