package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.continuo.egress.Egress;
import dev.continuo.model.ModelEvent.Fallback;
import dev.continuo.model.ModelEvent.TextDelta;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.RawProvider.Script;
import dev.continuo.testkit.ManualClock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FallbackTest {
    private static final Script SECOND = c -> {
        c.stream();
        c.text("second");
        c.finish("stop");
        c.done();
    };

    private final List<ModelEvent> events = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final Models models =
            Models.at("http://127.0.0.1:1/v1", Patience.USUAL, Egress.allowing("127.0.0.1"), clock);

    private static Endpoint endpoint(String url) {
        return new Endpoint(Dialect.OPENAI, UUID.randomUUID(), url, Optional.empty(), "m", Optional.empty());
    }

    private ModelResult ask(Route route) throws ModelException {
        var prompt = new Prompt(
                List.of(new PromptMessage(Role.USER, "Hello", false)), Optional.empty(), OptionalDouble.empty(), route);
        return models.choose(prompt).generate(prompt, events::add, new ModelCall());
    }

    private ModelResult ask(Script first) throws Exception {
        try (var one = new RawProvider(first);
                var two = new RawProvider(SECOND)) {
            return ask(new Route.To(endpoint(one.url()), Optional.of(endpoint(two.url()))));
        }
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503", "529"})
    void the_second_model_answers_where_the_first_is_in_trouble(int status) throws Exception {
        assertThat(ask(c -> c.status(status, "", "{}")).reason()).isEqualTo(FinishReason.STOP);
        assertThat(events).containsExactly(new Fallback("m"), new TextDelta("second"));
    }

    @Test
    void the_second_model_answers_where_the_first_said_nothing_at_all() throws Exception {
        ask(c -> {
            c.stream();
            c.done();
        });
        assertThat(events).containsExactly(new Fallback("m"), new TextDelta("second"));
    }

    /** As where the run is no longer ours when the second call is to be written down. */
    @Test
    void the_second_model_is_not_asked_where_nobody_wants_it_any_more() throws Exception {
        try (var one = new RawProvider(c -> c.status(503, "", "{}"));
                var two = new RawProvider(SECOND)) {
            var call = new ModelCall();
            var prompt = new Prompt(
                    List.of(new PromptMessage(Role.USER, "Hello", false)),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    new Route.To(endpoint(one.url()), Optional.of(endpoint(two.url()))));

            var failure = catchThrowableOfType(
                    ModelException.class, () -> models.choose(prompt).generate(prompt, _ -> call.abort(), call));

            assertThat(failure.kind()).isEqualTo(Kind.ABORTED);
            assertThat(one.calls).hasValue(1);
            assertThat(two.calls).hasValue(0);
        }
    }

    @Test
    void after_the_first_token_there_is_one_author() {
        var e = catchThrowableOfType(
                ModelException.class,
                () -> ask(c -> {
                    c.stream();
                    c.text("first");
                }));
        assertThat(e.kind()).isEqualTo(Kind.NO_FINISH_REASON);
        assertThat(events).containsExactly(new TextDelta("first"));
    }

    @ParameterizedTest
    @CsvSource({"400,provider_rejected", "401,provider_auth", "404,model_not_found"})
    void what_the_first_refuses_is_not_shown_to_the_second(int status, String code) {
        var e = catchThrowableOfType(ModelException.class, () -> ask(c -> c.status(status, "", "{}")));
        assertThat(e.code()).isEqualTo(code);
        assertThat(events).isEmpty();
    }

    @Test
    void nowhere_is_a_refusal_with_its_code() {
        var e = catchThrowableOfType(ModelException.class, () -> ask(new Route.Nowhere("key_required")));
        assertThat(e.kind()).isEqualTo(Kind.REJECTED);
        assertThat(e.code()).isEqualTo("key_required");
    }

    @Test
    void an_address_of_the_inside_is_refused_before_anything_is_sent() throws Exception {
        try (var inside = new RawProvider(SECOND)) {
            var url = inside.url().replace("127.0.0.1", "localhost");
            var e = catchThrowableOfType(
                    ModelException.class, () -> ask(new Route.To(endpoint(url), Optional.empty())));
            assertThat(e.kind()).isEqualTo(Kind.REJECTED);
            assertThat(inside.requests).isEmpty();
        }
    }

    @Test
    void one_credential_s_haste_and_failures_are_no_other_s() throws Exception {
        var turnstile = new Turnstile(1, 2, clock, System::nanoTime);
        var hasty = UUID.randomUUID();
        Passage open = (_, _, _) -> null;
        for (int i = 0; i < 2; i++) {
            turnstile.before(open, hasty).open(null, null, null);
        }
        var e = catchThrowableOfType(
                Failure.class, () -> turnstile.before(open, hasty).open(null, null, null));
        assertThat(e.exception(false).kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(e.exception(false).retryAfter()).isPresent();
        turnstile.before(open, UUID.randomUUID()).open(null, null, null);

        Passage down = (_, _, _) -> {
            throw new java.net.ConnectException();
        };
        var broken = UUID.randomUUID();
        for (int i = 0; i < Breaker.WINDOW; i++) {
            catchThrowableOfType(
                    java.net.ConnectException.class,
                    () -> turnstile.breakerBefore(down, broken).open(null, null, null));
        }
        var left = catchThrowableOfType(
                Failure.class, () -> turnstile.breakerBefore(down, broken).open(null, null, null));
        assertThat(left.exception(false).kind()).isEqualTo(Kind.UNAVAILABLE);
        turnstile.breakerBefore(open, UUID.randomUUID()).open(null, null, null);
    }
}
