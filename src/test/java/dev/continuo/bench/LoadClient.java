package dev.continuo.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Opens many event streams from one thread, checks the stamps of each, and measures how long every chunk took. */
final class LoadClient {
    private static final int BUFFER = 256 * 1024;
    /** Of one source address; beyond, connecting gets slow because its local ports run out. */
    private static final int PER_ADDRESS = 10_000;

    /**
     * @param path of a stream's number
     * @param expected stamps in a complete stream
     * @param until when a stream is closed by us
     * @param hold how long all stay open after the last was opened, for idle streams
     */
    record Plan(
            int port,
            String key,
            int streams,
            IntFunction<String> path,
            Duration gap,
            Duration atMost,
            long expected,
            Until until,
            Duration hold) {}

    enum Until {
        COMPLETE,
        TERMINAL,
        HELD
    }

    /** What came of it. Durations are from the opening of a stream. */
    record Result(
            int streams,
            int open,
            int refused,
            int lost,
            int complete,
            long events,
            long missing,
            long doubled,
            double seconds,
            Latencies latencies,
            Latencies toComplete) {}

    private static final class Stream {
        final Stamps stamps;
        final Answer answer;
        final long openedAt = System.nanoTime();
        long completeAt;
        boolean over;

        Stream(Latencies latencies) {
            stamps = new Stamps(latencies);
            answer = new Answer(stamps);
        }
    }

    private final Plan plan;
    private final IntConsumer onEachSecond;
    private final Latencies latencies = new Latencies();
    private final List<Stream> streams = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] bytes = new byte[BUFFER];
    private int lost;
    private int over;
    private int refused;
    private int answered;
    private Supplier<Future<?>> whenAnswered = () -> CompletableFuture.completedFuture(null);
    private Future<?> asked;
    private long firstEvent;
    private long lastEvent;

    private LoadClient(Plan plan, IntConsumer onEachSecond) {
        this.plan = plan;
        this.onEachSecond = onEachSecond;
    }

    static Result run(Plan plan) {
        return run(plan, _ -> {});
    }

    /** @param whenOpen runs on a thread of its own once every stream was answered */
    static Result run(Plan plan, Runnable whenOpen) {
        try (var selector = Selector.open();
                var aside = Executors.newSingleThreadExecutor()) {
            var client = new LoadClient(plan, _ -> {});
            client.whenAnswered = () -> aside.submit(whenOpen);
            var result = client.loop(selector);
            if (client.asked == null) {
                throw new IllegalStateException(
                        client.answered + " of " + plan.streams() + " streams were answered in time");
            }
            client.asked.get();
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("asking for what was to be watched", e);
        }
    }

    /** @param onEachSecond is told how many streams are open */
    static Result run(Plan plan, IntConsumer onEachSecond) {
        try (var selector = Selector.open()) {
            return new LoadClient(plan, onEachSecond).loop(selector);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result loop(Selector selector) throws IOException {
        long began = System.nanoTime();
        long deadline = began + plan.atMost().toNanos();
        long nextSecond = began;
        long allOpenAt = 0;
        while (System.nanoTime() < deadline && (streams.size() < plan.streams() || over + lost < plan.streams())) {
            openWhatIsDue(selector, began);
            if (streams.size() == plan.streams()) {
                allOpenAt = allOpenAt == 0 ? System.nanoTime() : allOpenAt;
                if (plan.until() == Until.HELD
                        && System.nanoTime() - allOpenAt > plan.hold().toNanos()) {
                    break;
                }
            }
            if (System.nanoTime() >= nextSecond) {
                onEachSecond.accept(open());
                nextSecond += 1_000_000_000L;
            }
            selector.select(key -> ready(key), streams.size() < plan.streams() ? 1 : 50);
        }
        int stillOpen = open();
        for (var key : selector.keys()) {
            key.channel().close();
        }
        return result(stillOpen);
    }

    private int open() {
        return streams.size() - over - lost;
    }

    private void openWhatIsDue(Selector selector, long began) throws IOException {
        long gap = plan.gap().toNanos();
        for (int batch = 0; streams.size() < plan.streams() && batch < 64; batch++) {
            if (System.nanoTime() < began + streams.size() * gap) {
                return;
            }
            open(selector, streams.size());
        }
    }

    private void open(Selector selector, int number) throws IOException {
        var channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.bind(new InetSocketAddress("127.0.0." + (1 + number / PER_ADDRESS), 0));
        var stream = new Stream(latencies);
        streams.add(stream);
        try {
            channel.connect(new InetSocketAddress("127.0.0.1", plan.port()));
        } catch (IOException e) {
            channel.close();
            gone(stream, true);
            return;
        }
        var head = "GET " + plan.path().apply(number) + " HTTP/1.1\r\nHost: 127.0.0.1:" + plan.port()
                + "\r\nAccept: text/event-stream\r\nAuthorization: Bearer " + plan.key() + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(head.getBytes(US_ASCII)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, stream);
    }

    private void ready(SelectionKey key) {
        var stream = (Stream) key.attachment();
        try {
            int n = ((SocketChannel) key.channel()).read(buffer.clear());
            if (n > 0) {
                took(stream, n);
            }
            boolean left = n < 0 || stream.answer.ended();
            if (left || isOver(stream)) {
                key.channel().close();
                gone(stream, left && !isOver(stream));
            }
        } catch (IOException e) {
            key.cancel();
            gone(stream, true);
        }
    }

    private void took(Stream stream, int n) {
        buffer.flip().get(bytes, 0, n);
        long before = stream.stamps.stamps();
        boolean silent = stream.answer.status() == 0;
        stream.answer.feed(bytes, 0, n, epochNanos());
        if (stream.stamps.stamps() != before) {
            lastEvent = System.nanoTime();
            firstEvent = firstEvent == 0 ? lastEvent : firstEvent;
            if (stream.completeAt == 0 && stream.stamps.last() >= plan.expected()) {
                stream.completeAt = lastEvent;
            }
        }
        if (stream.answer.status() != 0 && stream.answer.status() != 200) {
            refused++;
        }
        if (silent && stream.answer.status() != 0 && ++answered == plan.streams()) {
            asked = whenAnswered.get();
        }
    }

    private boolean isOver(Stream stream) {
        boolean refusal = stream.answer.status() != 0 && stream.answer.status() != 200;
        return refusal
                || switch (plan.until()) {
                    case COMPLETE -> stream.completeAt != 0;
                    case TERMINAL -> stream.stamps.terminal();
                    case HELD -> false;
                };
    }

    private void gone(Stream stream, boolean unasked) {
        if (!stream.over) {
            stream.over = true;
            if (unasked) {
                lost++;
            } else {
                over++;
            }
        }
    }

    private Result result(int stillOpen) {
        var toComplete = new Latencies();
        long events = 0;
        long missing = 0;
        long doubled = 0;
        int complete = 0;
        for (var s : streams) {
            events += s.stamps.stamps();
            missing += s.stamps.missing() + Math.max(0, plan.expected() - s.stamps.last());
            doubled += s.stamps.doubled();
            boolean whole = s.stamps.last() == plan.expected() && s.stamps.missing() == 0 && s.stamps.doubled() == 0;
            complete += whole && (plan.until() != Until.TERMINAL || s.stamps.terminal()) ? 1 : 0;
            if (s.completeAt != 0) {
                toComplete.add(s.completeAt - s.openedAt);
            }
        }
        return new Result(
                plan.streams(),
                stillOpen,
                refused,
                lost,
                complete,
                events,
                missing,
                doubled,
                (lastEvent - firstEvent) / 1e9,
                latencies,
                toComplete);
    }

    /** The clock of the stamps. */
    static long epochNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    static void pauseUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
