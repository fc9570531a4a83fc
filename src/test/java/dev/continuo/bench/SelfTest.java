package dev.continuo.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.continuo.bench.LoadClient.Plan;
import dev.continuo.bench.LoadClient.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the load client itself can do and costs: the same streams from a server that does nothing but write bytes it
 * made before, in a thread of this process. A figure of Continuo near to these would be a figure of the client.
 */
final class SelfTest {
    private static final int STREAMS = 500;
    private static final byte[] HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                    .getBytes(US_ASCII);
    private static final byte[] END = "1a\r\nevent: terminal\ndata: {}\n\n\r\n0\r\n\r\n".getBytes(US_ASCII);

    private SelfTest() {}

    static Map<String, Double> measure() {
        var values = new LinkedHashMap<String, Double>();
        var live = run(300, 1, Duration.ofMillis(10));
        values.put("live p50 ms", live.latencies().percentile(50));
        values.put("live p99 ms", live.latencies().percentile(99));
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        var bulk = run(20_000, 400, Duration.ZERO);
        values.put("client µs", (threads.getCurrentThreadCpuTime() - before) / 1e3 / bulk.events());
        values.put("bulk events/s", bulk.events() / bulk.seconds());
        values.put("missing", (double) live.missing() + bulk.missing());
        values.put("doubled", (double) live.doubled() + bulk.doubled());
        values.put("complete %", 50.0 * live.complete() / STREAMS + 50.0 * bulk.complete() / STREAMS);
        return values;
    }

    private static LoadClient.Result run(int events, int perWrite, Duration pace) {
        try (var server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            Thread.ofPlatform().daemon().start(() -> serve(server, events, perWrite, pace));
            return LoadClient.run(new Plan(
                    port,
                    "none",
                    STREAMS,
                    i -> "/" + i,
                    Duration.ZERO,
                    Duration.ofSeconds(60),
                    events,
                    Until.TERMINAL,
                    Duration.ZERO));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(ServerSocketChannel server, int events, int perWrite, Duration pace) {
        try {
            List<SocketChannel> clients = new ArrayList<>();
            while (clients.size() < STREAMS) {
                var client = server.accept();
                client.read(ByteBuffer.allocate(4096));
                client.write(ByteBuffer.wrap(HEAD));
                clients.add(client);
            }
            long next = System.nanoTime();
            for (int i = 1; i <= events; i += perWrite) {
                next += pace.toNanos();
                LoadClient.pauseUntil(next);
                send(clients, chunk(i, perWrite));
            }
            send(clients, END);
            for (var client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] chunk(int first, int count) {
        var text = new StringBuilder();
        for (int i = first; i < first + count; i++) {
            text.append("id: 0197f3a0-5d1c-7c3e-9a55-0d2b6c7e8f90.1.")
                    .append(i)
                    .append("\ndata: {\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"")
                    .append(i)
                    .append('@')
                    .append(LoadClient.epochNanos())
                    .append(" \"}\n\n");
        }
        return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(US_ASCII);
    }

    private static void send(List<SocketChannel> clients, byte[] bytes) throws IOException {
        for (var client : clients) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                client.write(buffer);
            }
        }
    }
}
