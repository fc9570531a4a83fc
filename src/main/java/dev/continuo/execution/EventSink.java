package dev.continuo.execution;

import dev.continuo.model.ModelCall;
import dev.continuo.model.ModelEvent;
import java.util.function.Consumer;

/**
 * Between a model and the log. Adapters may swallow what a sink throws, so a failure is kept, the call is aborted, and
 * the owner asks for it when the call has ended.
 */
final class EventSink implements Consumer<ModelEvent> {
    private final ChunkWriter writer;
    private final ModelCall call;
    private final Calls calls;
    private volatile Exception failure;

    /** Where provider calls are written down before they are made. */
    interface Calls {
        void fellBack(String model) throws InterruptedException;
    }

    EventSink(ChunkWriter writer, ModelCall call, Calls calls) {
        this.writer = writer;
        this.call = call;
        this.calls = calls;
    }

    @Override
    public void accept(ModelEvent event) {
        if (failure != null) {
            return;
        }
        try {
            if (event instanceof ModelEvent.Fallback(String model)) {
                calls.fellBack(model);
            } else {
                writer.write(event);
            }
        } catch (RuntimeException | InterruptedException e) {
            failure = e;
            call.abort();
        }
    }

    void check() throws InterruptedException {
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case InterruptedException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }
}
