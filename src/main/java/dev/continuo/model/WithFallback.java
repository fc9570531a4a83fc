package dev.continuo.model;

import dev.continuo.model.ModelException.Kind;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * Asks the second model where the first has failed before it said anything, and a second model can mend that: a prompt
 * that one refuses is not shown to the other. After the first token there is one author, whatever happens.
 */
record WithFallback(LanguageModel first, LanguageModel second, String nameOfSecond) implements LanguageModel {
    private static final System.Logger LOG = System.getLogger(WithFallback.class.getName());

    @Override
    public ModelResult generate(Prompt prompt, Consumer<ModelEvent> sink, ModelCall call) throws ModelException {
        try {
            return first.generate(prompt, sink, call);
        } catch (ModelException e) {
            if (e.afterFirstToken() || call.aborted() || !mends(e)) {
                throw e;
            }
            LOG.log(Level.WARNING, "the first model of a tier failed ({0}); its second one is asked", e.code());
        }
        sink.accept(new ModelEvent.Fallback(nameOfSecond));
        if (call.aborted()) {
            throw new Failure(Kind.ABORTED, "aborted", "no longer wanted when the second model's turn came")
                    .exception(false);
        }
        return second.generate(prompt, sink, call);
    }

    private static boolean mends(ModelException failure) {
        return switch (failure.kind()) {
            case RATE_LIMITED, UNAVAILABLE, NO_FIRST_BYTE, STALLED, RESET, NO_FINISH_REASON, MALFORMED -> true;
            case REJECTED -> failure.code().equals("provider_quota");
            case TOO_LONG, ABORTED -> false;
        };
    }
}
