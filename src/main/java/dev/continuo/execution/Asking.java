package dev.continuo.execution;

import dev.continuo.log.LogRecord;
import dev.continuo.model.Continuation;
import dev.continuo.model.Continuation.Said;
import dev.continuo.model.LanguageModel;
import dev.continuo.model.ModelCall;
import dev.continuo.model.ModelEvent;
import dev.continuo.model.ModelException;
import dev.continuo.model.ModelResult;
import dev.continuo.model.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One call of a model: for what is missing of the answer, where it declares a way to give that alone, or else for all of
 * it. Whoever listens hears all of it either way, and compares it with the log.
 */
final class Asking {
    private final LanguageModel model;
    private final Optional<Continuation> way;
    private final Optional<Said> soFar;

    private Asking(LanguageModel model, Optional<Continuation> way, Optional<Said> soFar) {
        this.model = model;
        this.way = way;
        this.soFar = soFar;
    }

    static Asking forTheRest(LanguageModel model, List<LogRecord> log) {
        var soFar = SoFar.of(log);
        return new Asking(model, Ladder.continuation(model.continuations(), soFar), soFar);
    }

    static Asking forAll(LanguageModel model) {
        return new Asking(model, Optional.empty(), Optional.empty());
    }

    Optional<Continuation> way() {
        return way;
    }

    ModelResult generate(Prompt prompt, Consumer<ModelEvent> sink, ModelCall call) throws ModelException {
        if (way.isEmpty()) {
            return model.generate(prompt, sink, call);
        }
        var said = soFar.orElseThrow();
        said.events().forEach(sink);
        return way.get().goOn(prompt, said, sink, call);
    }
}
