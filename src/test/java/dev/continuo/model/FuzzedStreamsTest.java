package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.egress.Egress;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.secrets.Credential;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A good answer with broken bytes in it, differently each time: the call ends, as an answer or as a failure of ours. */
class FuzzedStreamsTest {
    private static final int TRIALS = 200;
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final List<String> NASTY = List.of(
            "\n\n",
            "\r",
            "\0",
            "data:",
            "event: ",
            "data: [DONE]\n\n",
            "\"",
            "\\ud83d",
            "{\"choices\":[{\"delta\":{\"content\":7}}]}",
            "[".repeat(2_000),
            "{\"a\":".repeat(2_000),
            "9".repeat(2_000),
            "1e999999999",
            "null");

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatever_the_bytes_are_the_call_ends(Dialect dialect) throws Exception {
        var trial = new AtomicInteger();
        var good = WireFormatsTest.whole(dialect).getBytes(StandardCharsets.UTF_8);
        int whole = 0;
        try (var provider = new RawProvider(c -> {
            c.stream();
            c.raw(broken(good, new Random(trial.get())));
        })) {
            var models = Models.at("http://127.0.0.1:1/v1", PATIENCE, Egress.allowing("127.0.0.1"), Clock.systemUTC());
            for (; trial.get() < TRIALS; trial.incrementAndGet()) {
                var endpoint = new Endpoint(
                        dialect,
                        UUID.randomUUID(),
                        provider.url(),
                        Optional.of(new Credential("key-1")),
                        "model-1",
                        Optional.empty());
                var prompt = new Prompt(
                        List.of(new PromptMessage(Role.USER, "Hello", false)),
                        Optional.empty(),
                        OptionalDouble.empty(),
                        new Route.To(endpoint, Optional.empty()));
                try {
                    models.choose(prompt).generate(prompt, _ -> {}, new ModelCall());
                    whole++;
                } catch (ModelException e) {
                    assertThat(e.kind()).as("trial %s", trial).isNotEqualTo(Kind.ABORTED);
                    assertThat(e.code()).as("trial %s", trial).matches("[a-z_]+");
                }
            }
        }
        assertThat(whole).as("some are still answers, some are not").isBetween(1, TRIALS - 1);
    }

    /** One to three places are cut out, doubled, flipped, or filled with something nasty. */
    private static byte[] broken(byte[] good, Random random) {
        var bytes = good;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(bytes.length);
            int length = Math.min(1 + random.nextInt(40), bytes.length - from);
            var out = new ByteArrayOutputStream();
            out.write(bytes, 0, from);
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> {
                    out.write(bytes, from, length);
                    out.write(bytes, from, length);
                }
                case 2 -> out.writeBytes(NASTY.get(random.nextInt(NASTY.size())).getBytes(StandardCharsets.UTF_8));
                default -> {
                    for (int b = from; b < from + length; b++) {
                        out.write(bytes[b] ^ 1 << random.nextInt(8));
                    }
                }
            }
            out.write(bytes, from + length, bytes.length - from - length);
            bytes = out.toByteArray().length == 0 ? good : out.toByteArray();
        }
        return bytes;
    }
}
