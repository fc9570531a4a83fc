package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.model.OpenAiSettings.Patience;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    @Test
    void it_goes_through_the_real_door_and_is_understood() {
        var opened = new AtomicReference<HttpResponse<BodyQueue>>();
        var settings = new OpenAiSettings("http://127.0.0.1:1", Optional.empty(), "m", Patience.USUAL, 1_000);
        var door = new ProviderDoor(settings) {
            @Override
            public HttpResponse<BodyQueue> open(HttpRequest request, ModelCall call, Duration atMost) {
                try {
                    opened.set(super.open(request, call, atMost));
                    return opened.get();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
        new Rehearsal(door, Clock.systemUTC()).play();
        assertThat(opened.get().statusCode()).isEqualTo(200);
    }
}
