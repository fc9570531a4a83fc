package dev.continuo.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** HTTP/1.1 on a bare socket, as much of it as a provider needs, so that a connection can be reset in the middle. */
final class Wire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        this.out = socket.getOutputStream();
    }

    record Request(String method, String path, byte[] body) {}

    Request read() throws IOException {
        String[] words = line().split(" ");
        if (words.length != 3) {
            throw new EOFException();
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new Request(words[0], words[1], chunkedBody());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(words[0], words[1], in.readNBytes(length));
    }

    private byte[] chunkedBody() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    void json(int status, String extraHeader, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        String head = "HTTP/1.1 " + status + " X\r\ncontent-type: application/json\r\n" + extraHeader
                + "content-length: " + bytes.length + "\r\n\r\n";
        pending.write(head.getBytes(ISO_8859_1));
        pending.write(bytes);
        send();
    }

    void beginEvents() throws IOException {
        String head =
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";
        pending.write(head.getBytes(ISO_8859_1));
    }

    void event(String data) throws IOException {
        byte[] bytes = ("data: " + data + "\n\n").getBytes(UTF_8);
        pending.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
        pending.write(bytes);
        pending.write('\r');
        pending.write('\n');
        if (pending.size() > 32 * 1024) {
            send();
        }
    }

    void endEvents() throws IOException {
        pending.write("0\r\n\r\n".getBytes(ISO_8859_1));
        send();
    }

    void send() throws IOException {
        pending.writeTo(out);
        pending.reset();
        out.flush();
    }

    /** The client sees a reset, not an end. */
    void reset() throws IOException {
        send();
        socket.setSoLinger(true, 0);
        socket.close();
    }

    boolean closed() {
        return socket.isClosed();
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
