package dev.continuo.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One event stream over a bare socket, read in the background. It can be cut after any byte and opened again elsewhere with
 * the last event id that a browser would send; a reset and a clean end are told apart. */
public final class SseClient implements AutoCloseable {
    private final URI url;
    private final Map<String, String> headers;
    private final Socket socket = new Socket();
    private final InputStream in;
    private final SseParser parser;
    private final long openedAt = System.nanoTime();
    private final Map<String, String> answer = new TreeMap<>();
    private int status;
    private long bytes;
    private long cutAfter = Long.MAX_VALUE;
    private Ending ending = Ending.OPEN;
    private volatile boolean paused;

    /** How a stream ended: by us, by a last chunk, by a reset or an end of the connection in the middle. */
    public enum Ending {
        OPEN,
        CUT,
        CLEAN,
        BROKEN
    }

    private SseClient(String method, URI url, Map<String, String> headers, String body) {
        this.url = url;
        this.headers = headers;
        this.parser = new SseParser(headers.getOrDefault("last-event-id", ""));
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 5_000);
            var head = new StringBuilder(method + " " + target() + " HTTP/1.1\r\nhost: " + url.getAuthority() + "\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            byte[] content = body.getBytes(UTF_8);
            head.append(content.length == 0 ? "" : "content-length: " + content.length + "\r\n");
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(ISO_8859_1));
            socket.getOutputStream().write(content);
            this.in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(url + ": " + e, e);
        }
        Thread.ofVirtual().start(this::readAll);
    }

    private String target() {
        return url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    }

    public static SseClient get(URI url, Map<String, String> headers) {
        return new SseClient("GET", url, headers, "");
    }

    public static SseClient post(URI url, Map<String, String> headers, String body) {
        return new SseClient("POST", url, headers, body);
    }

    /** The same stream on another node, with the last event id of this one, as {@code EventSource} reconnects. */
    public SseClient resumeOn(String baseUrl) {
        var all = new LinkedHashMap<>(headers);
        String last = lastEventId();
        if (!last.isEmpty()) {
            all.put("last-event-id", last);
        }
        return get(URI.create(baseUrl + target()), all);
    }

    private void readAll() {
        try {
            readHead();
            if ("chunked".equalsIgnoreCase(answer.get("transfer-encoding"))) {
                readChunks();
            } else {
                readPlain();
            }
            end(Ending.CLEAN);
        } catch (IOException | RuntimeException e) {
            end(Ending.BROKEN);
        }
    }

    private void readHead() throws IOException {
        int code = Integer.parseInt(line().split(" ")[1]);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            synchronized (this) {
                answer.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        synchronized (this) {
            status = code;
            notifyAll();
        }
    }

    private void readChunks() throws IOException {
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            readBytes(size);
            line();
        }
    }

    private void readPlain() throws IOException {
        String length = answer.get("content-length");
        if (status != 204 && length != null) {
            readBytes(Long.parseLong(length));
        }
    }

    private void readBytes(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            while (paused) {
                Thread.onSpinWait();
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            synchronized (this) {
                if (bytes >= cutAfter) {
                    cut();
                    throw new EOFException();
                }
                bytes++;
                parser.accept(b);
                if (b == '\n') {
                    notifyAll();
                }
            }
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private synchronized void end(Ending how) {
        if (ending == Ending.OPEN) {
            ending = how;
        }
        notifyAll();
    }

    public URI url() {
        return url;
    }

    /** Waits for the head of the answer. */
    public synchronized int status() {
        await("a status from " + url, Duration.ofSeconds(30), () -> status != 0 || ending != Ending.OPEN);
        return status;
    }

    /** Whether the head of an answer has come, without waiting for it. */
    public synchronized boolean answered() {
        return status != 0;
    }

    public synchronized Optional<String> header(String name) {
        status();
        return Optional.ofNullable(answer.get(name.toLowerCase(Locale.ROOT)));
    }

    public synchronized List<SseEvent> events() {
        return List.copyOf(parser.events());
    }

    public synchronized List<String> comments() {
        return List.copyOf(parser.comments());
    }

    public synchronized String lastEventId() {
        return parser.lastEventId();
    }

    /** Bytes of the body so far. */
    public synchronized long bytes() {
        return bytes;
    }

    public synchronized Ending ending() {
        return ending;
    }

    public long openedAt() {
        return openedAt;
    }

    /** The first event, now or to come, of which this is true. */
    public synchronized SseEvent await(String what, Duration atMost, Predicate<SseEvent> fact) {
        await(what, atMost, () -> parser.events().stream().anyMatch(fact) || ending != Ending.OPEN);
        return parser.events().stream()
                .filter(fact)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("the stream ended (" + ending + ") without " + what + "; " + soFar()));
    }

    private String soFar() {
        var events = parser.events();
        return "status " + (answered() ? status() : "unknown") + ", " + bytes + " bytes, "
                + parser.comments().size() + " comments, " + events.size() + " events, the last ones "
                + events.subList(Math.max(0, events.size() - 5), events.size());
    }

    public SseEvent awaitEvent(String name, Duration atMost) {
        return await("the event " + name, atMost, event -> event.is(name));
    }

    /** The n-th event, from 1. */
    public synchronized SseEvent awaitNumber(int n, Duration atMost) {
        await("event number " + n, atMost, () -> parser.events().size() >= n || ending != Ending.OPEN);
        if (parser.events().size() < n) {
            throw new AssertionError(
                    "the stream ended (" + ending + ") after " + parser.events().size() + " events");
        }
        return parser.events().get(n - 1);
    }

    public synchronized Ending awaitEnd(Duration atMost) {
        await("the end of " + url, atMost, () -> ending != Ending.OPEN);
        return ending;
    }

    private synchronized void await(String what, Duration atMost, java.util.function.BooleanSupplier fact) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (!fact.getAsBoolean()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("waited " + atMost.toMillis() + " ms in vain: " + what + "; " + soFar());
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what);
        }
    }

    /** Takes exactly so many bytes of the body, then cuts. */
    public synchronized void cutAfter(long bodyBytes) {
        cutAfter = bodyBytes;
        if (bytes >= cutAfter) {
            cut();
        }
    }

    /** Stops reading, as a client that hangs does, without closing anything. */
    public void pause() {
        paused = true;
    }

    public void goOn() {
        paused = false;
    }

    /** Closes from this side, at once. */
    public void cut() {
        end(Ending.CUT);
        paused = false;
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        cut();
    }
}
