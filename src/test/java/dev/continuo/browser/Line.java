package dev.continuo.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The line between a browser and a node, which can be cut at any byte. */
final class Line implements AutoCloseable {
    private final ServerSocket entrance;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Line(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
    }

    static Line to(int port) {
        try {
            var line = new Line(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
            Thread.startVirtualThread(line::accept);
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + entrance.getLocalPort();
    }

    /** Every connection breaks off; new ones are welcome. */
    void cut() {
        open.forEach(Line::end);
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var from = entrance.accept();
                var to = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(from);
                open.add(to);
                Thread.startVirtualThread(() -> relay(from, to));
                Thread.startVirtualThread(() -> relay(to, from));
            } catch (IOException e) {
                // The entrance is closed, or the node is away: the browser will try again.
            }
        }
    }

    private void relay(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side is gone, so the other goes, too.
        } finally {
            end(from);
            end(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }
}
