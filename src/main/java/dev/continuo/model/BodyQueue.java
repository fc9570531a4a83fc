package dev.continuo.model;

import dev.continuo.node.Deadlines;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A response body that is taken piece by piece with a deadline each, which an {@code InputStream} cannot. At most one
 * piece waits here; closing it from any thread closes the connection and wakes the taker.
 */
final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue>, AutoCloseable {
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** What comes out. */
    sealed interface Piece {
        record Bytes(List<ByteBuffer> buffers) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}

        record Closed() implements Piece {}

        /** One object a wait: that of an earlier one, which came too late to count, is known by it. */
        final class Nothing implements Piece {}
    }

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Runnable silence;
    private Flow.Subscription subscription;
    private boolean closed;
    private volatile boolean discarding;

    /** @param silence told when the taker gave up, as nothing came in time */
    BodyQueue(Runnable silence) {
        this.silence = silence;
    }

    void fellSilent() {
        silence.run();
    }

    @Override
    public CompletionStage<BodyQueue> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription s) {
        synchronized (this) {
            subscription = s;
            if (!closed) {
                s.request(1);
                return;
            }
        }
        s.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (!discarding) {
            pieces.add(new Piece.Bytes(buffers));
        }
    }

    @Override
    public void onError(Throwable cause) {
        pieces.add(new Piece.Broken(cause));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece.End());
    }

    Piece take(Duration atMost) throws InterruptedException {
        var piece = next(atMost);
        if (piece instanceof Piece.Bytes) {
            subscribed().request(1);
        }
        return piece;
    }

    private Piece next(Duration atMost) throws InterruptedException {
        var nothing = new Piece.Nothing();
        try (var _ = Deadlines.in(atMost, () -> pieces.add(nothing))) {
            while (true) {
                var piece = pieces.take();
                if (!(piece instanceof Piece.Nothing) || piece == nothing) {
                    return piece;
                }
            }
        }
    }

    /** Everything wanted was taken: gives the connection a moment to end well, so that it can be used again. */
    void release() {
        discarding = true;
        subscribed().request(Long.MAX_VALUE);
        CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::close);
    }

    @Override
    public void close() {
        Flow.Subscription s;
        synchronized (this) {
            closed = true;
            s = subscription;
        }
        pieces.add(new Piece.Closed());
        if (s != null) {
            s.cancel();
        }
    }

    private synchronized Flow.Subscription subscribed() {
        return subscription;
    }
}
