package dev.continuo.model;

import java.util.List;
import java.util.function.Consumer;

/** One provider's model; a seam to a third party. */
public interface LanguageModel {
    /**
     * Calls the provider and blocks until its stream ends. Events are given to {@code sink} on the calling thread, in
     * order.
     *
     * @throws ModelException wherever no finish reason was received; also after {@link ModelCall#abort()}
     */
    ModelResult generate(Prompt prompt, Consumer<ModelEvent> sink, ModelCall call) throws ModelException;

    /** How it can go on with an answer that broke off; by default only by saying it again. */
    default List<Continuation> continuations() {
        return List.of();
    }
}
