package dev.continuo.sql;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One query for all who ask the same of different rows while others are being answered (request batching, as GraphQL's
 * DataLoader does it, but without a timer). Who finds a free lane asks at once and alone, so an idle node waits for
 * nothing; who does not is gathered with the others, and under load a query carries as many as came during the one
 * before. No answer is older than its question. Whatever holds a batch up, a frozen session or rows of others that
 * cannot be read, costs nobody more than a second: then everyone asks alone. Not for use inside a transaction: a batch
 * reads outside of it.
 *
 * @param <K> with {@code equals} and {@code hashCode}
 */
public final class BatchedQuery<K, V> {
    private static final System.Logger LOG = System.getLogger(BatchedQuery.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int LANES = 2;
    private static final int MOST = 32;

    private final Function<K, V> one;
    private final Function<Set<K>, Map<K, V>> many;
    private final Duration patience;
    private final Queue<Asked<K, V>> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * @param one asks for one key
     * @param many asks for two to 32, and has an answer to each
     */
    public BatchedQuery(Function<K, V> one, Function<Set<K>, Map<K, V>> many) {
        this(one, many, PATIENCE);
    }

    BatchedQuery(Function<K, V> one, Function<Set<K>, Map<K, V>> many, Duration patience) {
        this.one = one;
        this.many = many;
        this.patience = patience;
    }

    private record Asked<K, V>(K key, CompletableFuture<V> answer) {}

    /** Blocks until there is an answer. Throws what the query for this one key throws. */
    public V ask(K key) {
        var asked = new Asked<K, V>(key, new CompletableFuture<>());
        if (!gathered(asked)) {
            try {
                return one.apply(key);
            } finally {
                next();
            }
        }
        try {
            return asked.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            forget(asked);
            return one.apply(key);
        } catch (InterruptedException e) {
            forget(asked);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for PostgreSQL", e);
        }
    }

    private synchronized boolean gathered(Asked<K, V> asked) {
        if (underWay < LANES) {
            underWay++;
            return false;
        }
        return waiting.add(asked);
    }

    private synchronized void forget(Asked<K, V> asked) {
        waiting.remove(asked);
    }

    /** Hands a lane over to those who wait for one. */
    private void next() {
        var batch = takeOver();
        if (!batch.isEmpty()) {
            Thread.ofVirtual().name("batched-query").start(() -> serve(batch));
        }
    }

    private synchronized List<Asked<K, V>> takeOver() {
        var batch = new ArrayList<Asked<K, V>>();
        while (batch.size() < MOST && !waiting.isEmpty()) {
            batch.add(waiting.poll());
        }
        if (batch.isEmpty()) {
            underWay--;
        }
        return batch;
    }

    private void serve(List<Asked<K, V>> batch) {
        try {
            var found = found(batch.stream().map(Asked::key).collect(Collectors.toSet()));
            for (var asked : batch) {
                asked.answer().complete(Objects.requireNonNull(found.get(asked.key()), "no answer in a batch"));
            }
        } catch (Throwable e) {
            LOG.log(WARNING, "a query for {0} at once failed ({1}); each is asked for alone", batch.size(), e);
            batch.forEach(asked -> asked.answer().completeExceptionally(e));
        } finally {
            next();
        }
    }

    private Map<K, V> found(Set<K> keys) {
        if (keys.size() > 1) {
            return many.apply(keys);
        }
        K only = keys.iterator().next();
        return Map.of(only, one.apply(only));
    }
}
