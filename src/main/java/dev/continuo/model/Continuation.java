package dev.continuo.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A way of going on with an answer that broke off, other than by asking for all of it again. Declared by an adapter whose
 * provider is known to do it, and never guessed: one that only seems to go on writes a text that nobody said.
 */
public interface Continuation {
    /** What there must be of the answer; the first is tried before the second. */
    enum Needs {
        /** The provider kept its response, and sends what comes after what it has sent already. */
        RESPONSE,
        /** The model writes on behind a text that it is given as the beginning of its own. */
        TEXT
    }

    Needs needs();

    /**
     * As {@link LanguageModel#generate}, and gives to {@code sink} nothing but what comes after {@code said}.
     *
     * @throws ModelException wherever no finish reason was received; the model is asked for all of it then
     */
    ModelResult goOn(Prompt prompt, Said said, Consumer<ModelEvent> sink, ModelCall call) throws ModelException;

    /**
     * An answer as far as it came.
     *
     * @param response the provider's name for it; empty where it gave none, or where more than one response had a part in it
     * @param events never empty
     */
    record Said(Optional<String> response, List<ModelEvent> events) {
        public Said {
            Objects.requireNonNull(response);
            events = List.copyOf(events);
            if (events.isEmpty()) {
                throw new IllegalArgumentException("nothing was said");
            }
        }

        public boolean has(Needs needs) {
            return switch (needs) {
                case RESPONSE -> response.isPresent();
                case TEXT -> events.stream().allMatch(ModelEvent.TextDelta.class::isInstance);
            };
        }
    }
}
