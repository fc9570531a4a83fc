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
    private volatile Exception failure;

    EventSink(ChunkWriter writer, ModelCall call) {
        this.writer = writer;
        this.call = call;
    }

    @Override
    public void accept(ModelEvent event) {
        if (failure != null) {
            return;
        }
        try {
            writer.write(event);
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
