package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.execution.FailurePolicy.Decision;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Regeneration;
import dev.continuo.model.Continuation;
import dev.continuo.model.Continuation.Needs;
import dev.continuo.model.FinishReason;
import dev.continuo.model.LanguageModel;
import dev.continuo.model.ModelCall;
import dev.continuo.model.ModelEvent;
import dev.continuo.model.ModelException;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.ModelResult;
import dev.continuo.model.Prompt;
import dev.continuo.model.Usage;
import dev.continuo.web.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AskingTest {
    private static final UUID ANSWER = new UUID(0, 1);
    private static final RunSoFar NOTHING = RunSoFar.of(List.of());
    private static final Prompt PROMPT = new Prompt(List.of(), Optional.empty(), OptionalDouble.empty());
    private static final ModelResult STOP = new ModelResult(FinishReason.STOP, Usage.NONE, Optional.empty());

    private final List<String> asked = new ArrayList<>();

    /** A provider that can do what it declares. */
    private final class Able implements LanguageModel {
        private final List<Continuation> declared;

        Able(Needs... declared) {
            this.declared =
                    List.of(declared).stream().<Continuation>map(By::new).toList();
        }

        @Override
        public ModelResult generate(Prompt prompt, Consumer<ModelEvent> sink, ModelCall call) {
            asked.add("all");
            sink.accept(new ModelEvent.TextDelta("one two three"));
            return STOP;
        }

        @Override
        public List<Continuation> continuations() {
            return declared;
        }
    }

    private final class By implements Continuation {
        private final Needs needs;

        By(Needs needs) {
            this.needs = needs;
        }

        @Override
        public Needs needs() {
            return needs;
        }

        @Override
        public ModelResult goOn(Prompt prompt, Said said, Consumer<ModelEvent> sink, ModelCall call) {
            asked.add(needs + " " + said.response().orElse(""));
            sink.accept(new ModelEvent.TextDelta(" three"));
            return STOP;
        }
    }

    @Test
    void a_model_that_declares_nothing_says_all_of_it_again() throws Exception {
        assertThat(written(Asking.forTheRest(new Able(), log("r-1", 1)), log("r-1", 1)))
                .containsExactly(" three");
        assertThat(asked).containsExactly("all");
    }

    @Test
    void a_kept_response_is_gone_on_with_before_a_text_is() throws Exception {
        var model = new Able(Needs.TEXT, Needs.RESPONSE);
        assertThat(written(Asking.forTheRest(model, log("r-1", 1)), log("r-1", 1)))
                .containsExactly(" three");
        assertThat(asked).containsExactly("RESPONSE r-1");
    }

    @Test
    void a_text_of_more_than_one_call_is_no_response_that_a_provider_kept() throws Exception {
        var model = new Able(Needs.RESPONSE, Needs.TEXT);
        assertThat(written(Asking.forTheRest(model, log("r-1", 2)), log("r-1", 2)))
                .containsExactly(" three");
        assertThat(asked).containsExactly("TEXT ");
        assertThat(Asking.forTheRest(new Able(Needs.RESPONSE), log("r-1", 2)).way())
                .isEmpty();
    }

    @Test
    void only_words_are_the_beginning_of_a_text() {
        var thought = new ArrayList<>(log("r-1", 1));
        thought.add(record(5, 1, Chunks.reasoningDelta("r2", "hm")));
        assertThat(Asking.forTheRest(new Able(Needs.TEXT), thought).way()).isEmpty();
        assertThat(Asking.forTheRest(new Able(Needs.RESPONSE), thought).way()).isPresent();
        thought.add(record(6, 1, Chunks.toolInputStart("c1", "weather")));
        assertThat(Asking.forTheRest(new Able(Needs.RESPONSE, Needs.TEXT), thought)
                        .way())
                .isEmpty();
    }

    @Test
    void there_is_nothing_to_go_on_with_before_the_first_word() {
        var model = new Able(Needs.RESPONSE, Needs.TEXT);
        assertThat(Asking.forTheRest(model, List.of()).way()).isEmpty();
        assertThat(Asking.forTheRest(model, log("r-1", 1).subList(0, 3)).way()).isEmpty();
    }

    @Test
    void who_refuses_to_go_on_is_asked_for_all_of_it_as_long_as_there_are_attempts() {
        var policy = new FailurePolicy(new BackOff(new Random(1)));
        var refused = new ModelException(Kind.REJECTED, false, "provider_rejected", "gone", Optional.empty(), null);
        Optional<Continuation> way = Optional.of(new By(Needs.RESPONSE));
        assertThat(policy.decide(refused, way, 1, 0, Duration.ZERO)).isEqualTo(new Decision.CallAgain());
        assertThat(policy.decide(refused, way, 3, 0, Duration.ZERO)).isEqualTo(new Decision.Fail("attempts_exhausted"));
        assertThat(policy.decide(refused, Optional.empty(), 1, 0, Duration.ZERO))
                .isEqualTo(new Decision.Fail("provider_rejected"));
    }

    @Test
    void the_name_of_a_response_is_kept_with_its_start() throws Exception {
        var kept = new ArrayList<Chunk>();
        var writer = new ChunkWriter(ANSWER, NOTHING, Limits.defaults(), kept::add);
        writer.write(new ModelEvent.Response("r-7"));
        assertThat(kept).as("nothing before the first word").isEmpty();
        writer.write(new ModelEvent.TextDelta("one"));
        var log = new ArrayList<LogRecord>();
        kept.forEach(chunk -> log.add(record(log.size() + 1, 1, chunk)));
        assertThat(SoFar.of(log).orElseThrow().response()).contains("r-7");
    }

    /** What is written behind {@code log}: the words alone. */
    private static List<String> written(Asking asking, List<LogRecord> log) throws Exception {
        var words = new ArrayList<String>();
        var retelling = new Retelling(
                new Regeneration(log),
                new Retelling.Log() {
                    @Override
                    public void awaitTurn() {}

                    @Override
                    public void append(Chunk chunk) {
                        words.add(chunk instanceof Chunk.Delta delta ? delta.text() : text(chunk));
                    }

                    @Override
                    public void fork(int base, String reason) {
                        words.add(reason + " to " + base);
                    }
                },
                () -> 0,
                Duration.ZERO);
        var call = new ModelCall();
        var sink = new EventSink(new ChunkWriter(ANSWER, NOTHING, Limits.defaults(), retelling), call, _ -> {});
        assertThat(asking.generate(PROMPT, sink, call)).isEqualTo(STOP);
        sink.check();
        return words;
    }

    private static String text(Chunk chunk) {
        return new String(chunk.json(), StandardCharsets.UTF_8);
    }

    /** "one two", its last word under {@code epoch}. */
    private static List<LogRecord> log(String response, long epoch) {
        return List.of(
                record(1, 1, Chunks.start(ANSWER).withMeta(Chunks.responseMeta(response))),
                record(2, 1, Chunks.startStep()),
                record(3, 1, Chunks.textStart("t1")),
                record(4, 1, Chunks.textDelta("t1", "one")),
                record(5, epoch, Chunks.textDelta("t1", " two")));
    }

    private static LogRecord record(int idx, long epoch, Chunk chunk) {
        return new LogRecord(idx, epoch, chunk.json(), chunk.meta());
    }
}
