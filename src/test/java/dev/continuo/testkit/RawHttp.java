package dev.continuo.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One request with exactly these bytes, as no well-behaved client would send it, from an address of the sender's choice. A
 * stream that is opened is closed again after its head. */
public final class RawHttp {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MS = 30_000;

    private RawHttp() {}

    /**
     * @param target what stands in the request line, as it is
     * @param from the sender's address, one of 127.0.0.0/8
     */
    public record Request(String method, String target, Map<String, String> headers, byte[] body, String from) {
        public Request {
            headers = new LinkedHashMap<>(headers);
        }

        public static Request of(String method, String target) {
            return new Request(method, target, Map.of(), new byte[0], "127.0.0.1");
        }

        public Request with(String name, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(name.toLowerCase(Locale.ROOT), value);
            return new Request(method, target, more, body, from);
        }

        public Request json(String text) {
            return new Request(method, target, headers, text.getBytes(UTF_8), from)
                    .with("content-type", headers.getOrDefault("content-type", "application/json"));
        }

        public Request body(byte[] bytes) {
            return new Request(method, target, headers, bytes, from);
        }

        public Request method(String other) {
            return new Request(other, target, headers, body, from);
        }

        public Request target(String other) {
            return new Request(method, other, headers, body, from);
        }

        public Request from(String address) {
            return new Request(method, target, headers, body, address);
        }
    }

    /** Names of headers are in lower case. */
    public record Answer(int status, Map<String, String> headers, String body) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException("no JSON, status " + status + ": " + body, e);
            }
        }

        public String code() {
            return isProblem() ? json().path("code").asText() : "";
        }

        public String detail() {
            return isProblem() ? json().path("detail").asText() : "";
        }

        public boolean isProblem() {
            return headers.getOrDefault("content-type", "").startsWith("application/problem+json");
        }
    }

    public static Answer send(URI server, Request request) {
        try (var socket = connect(server, request.from())) {
            try {
                socket.getOutputStream().write(head(server, request));
                socket.getOutputStream().write(request.body());
            } catch (SocketException refusedEarly) {
                // What it answered before it hung up is there to be read.
            }
            return read(
                    new BufferedInputStream(socket.getInputStream()),
                    request.method().equals("HEAD"));
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.target() + ": " + e, e);
        }
    }

    /** Sends chunks of 64 KiB without an end, and returns how many bytes went out before the server had enough. */
    public static long flood(URI server, Request request, long most) throws IOException {
        byte[] piece = "x".repeat(64 * 1024).getBytes(ISO_8859_1);
        try (var socket = connect(server, request.from())) {
            socket.getOutputStream().write(head(server, request.with("transfer-encoding", "chunked")));
            for (long sent = 0; sent < most; sent += piece.length) {
                try {
                    socket.getOutputStream().write((Integer.toHexString(piece.length) + "\r\n").getBytes(ISO_8859_1));
                    socket.getOutputStream().write(piece);
                    socket.getOutputStream().write('\r');
                    socket.getOutputStream().write('\n');
                } catch (SocketException enough) {
                    return sent;
                }
            }
            return most;
        }
    }

    private static Socket connect(URI server, String from) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MS);
        return socket;
    }

    private static byte[] head(URI server, Request request) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("host", server.getAuthority());
        headers.put("connection", "close");
        if (request.body().length > 0) {
            headers.put("content-length", Integer.toString(request.body().length));
        }
        headers.putAll(request.headers());
        var head = new StringBuilder(request.method() + " " + request.target() + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private static Answer read(InputStream in, boolean headOnly) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        var headers = new TreeMap<String, String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        boolean stream = headers.getOrDefault("content-type", "").startsWith("text/event-stream");
        return new Answer(status, headers, stream || headOnly ? "" : new String(body(in, headers), UTF_8));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            var body = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                body.write(in.readNBytes(size));
                line(in);
            }
            return body.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server hung up after: " + line);
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
