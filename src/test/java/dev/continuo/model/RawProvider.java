package dev.continuo.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider down to its bytes: each connection is answered by a script that may do with the socket what it likes. */
public final class RawProvider implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Script script;
    public final AtomicInteger calls = new AtomicInteger();
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** What is done with one connection. */
    public interface Script {
        void play(Conversation c) throws Exception;
    }

    public RawProvider(Script script) throws IOException {
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            requests.add(request(in));
            calls.incrementAndGet();
            script.play(new Conversation(socket, in, socket.getOutputStream()));
        } catch (Exception e) {
            // The client went away, as many tests want it to.
            return;
        }
    }

    static String request(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no request");
            }
            head.append((char) b);
        }
        var length =
                java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        return head + (length.find() ? new String(in.readNBytes(Integer.parseInt(length.group(1)))) : "");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    public record Conversation(Socket socket, InputStream in, OutputStream out) {
        public void raw(String text) throws IOException {
            raw(text.getBytes(StandardCharsets.UTF_8));
        }

        void raw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        public void status(int status, String headers, String body) throws IOException {
            raw("HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n" + body);
        }

        /** Without a length: the end of the connection is the end of the body. */
        public void stream() throws IOException {
            raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
        }

        /** An answer that leaves the connection open for the next request. */
        void whole(String text) throws IOException {
            raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            var body = "data: {\"choices\":[{\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}]}\n\n"
                    + "data: [DONE]\n\n";
            raw(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
        }

        void data(String json) throws IOException {
            raw("data: " + json + "\n\n");
        }

        public void text(String delta) throws IOException {
            data("{\"id\":\"r1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + delta + "\"}}]}");
        }

        public void finish(String reason) throws IOException {
            data("{\"id\":\"r1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
        }

        public void done() throws IOException {
            data("[DONE]");
        }

        /** RST instead of FIN. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Returns when the client has closed the connection. */
        void awaitHangUp(CountDownLatch closed) {
            try {
                while (in.read() >= 0) {
                    continue;
                }
            } catch (IOException e) {
                // A reset is a hang-up, too.
            }
            closed.countDown();
        }

        static void await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(5, TimeUnit.SECONDS)) {
                throw new AssertionError("waited 5 s in vain");
            }
        }
    }
}
