package dev.continuo.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Pattern;

/** Posts messages over one connection that stays open. */
final class Poster implements AutoCloseable {
    private static final Pattern RUN = Pattern.compile("\"runId\":\"([^\"]+)\"");

    private final int port;
    private final String key;
    private final Socket socket = new Socket();
    private final InputStream in;

    Poster(int port, String key) {
        this.port = port;
        this.key = key;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the answer once the message is accepted. */
    String say(String thread, String prompt) {
        var body = "{\"message\":{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"" + prompt + "\"}]}}";
        return post("/api/threads/" + thread + "/messages", body);
    }

    /** The run of such an answer. */
    static String run(String accepted) {
        var found = RUN.matcher(accepted);
        if (!found.find()) {
            throw new IllegalStateException("no run in " + accepted);
        }
        return found.group(1);
    }

    void create(String thread) {
        post("/api/threads", "{\"id\":\"" + thread + "\"}");
    }

    private String post(String path, String json) {
        byte[] body = json.getBytes(UTF_8);
        var head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
        byte[] all = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(ISO_8859_1), 0, all, 0, head.length());
        System.arraycopy(body, 0, all, head.length(), body.length);
        try {
            socket.getOutputStream().write(all);
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer() throws IOException {
        var status = line();
        int length = 0;
        boolean chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            var header = line.toLowerCase(java.util.Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
            chunked |= header.startsWith("transfer-encoding: chunked");
        }
        var body = new StringBuilder();
        if (!chunked) {
            body.append(new String(in.readNBytes(length), UTF_8));
        } else {
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.append(new String(in.readNBytes(size), UTF_8));
                line();
            }
            line();
        }
        if (!status.startsWith("HTTP/1.1 20")) {
            throw new IllegalStateException("a message was answered by " + status + ": " + body);
        }
        return body.toString();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
