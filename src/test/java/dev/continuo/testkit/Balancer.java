package dev.continuo.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A load balancer as small as one can be: asks every node four times a second whether it is ready, and gives each request
 * to some ready node over a connection of its own. It tries another node only where it could not connect, that is before
 * it has sent anything; so a request that a node breaks off is a failed request here, too.
 */
public final class Balancer implements AutoCloseable {
    private static final long EVERY_NANOS = 250_000_000L;
    private static final int CONNECT_MILLIS = 1_000;

    private final List<LibertyNode> nodes;
    private final ServerSocket entrance;
    private final Set<LibertyNode> ready = ConcurrentHashMap.newKeySet();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Balancer(List<LibertyNode> nodes, ServerSocket entrance) {
        this.nodes = nodes;
        this.entrance = entrance;
    }

    public static Balancer before(List<LibertyNode> nodes) {
        try {
            var balancer = new Balancer(nodes, new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
            balancer.look();
            Thread.ofVirtual().name("balancer-health").start(balancer::follow);
            Thread.ofVirtual().name("balancer").start(balancer::accept);
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + entrance.getLocalPort();
    }

    private void follow() {
        while (!entrance.isClosed()) {
            LockSupport.parkNanos(EVERY_NANOS);
            look();
        }
    }

    private void look() {
        for (var node : nodes) {
            if (node.ready()) {
                ready.add(node);
            } else {
                ready.remove(node);
            }
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var client = entrance.accept();
                Thread.ofVirtual().name("balanced").start(() -> serve(client));
            } catch (IOException e) {
                // The entrance is closed: the loop ends.
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            byte[] request = request(client.getInputStream());
            try (var node = connect()) {
                open.add(node);
                node.getOutputStream().write(request);
                Thread.ofVirtual().start(() -> closeWith(client, node));
                node.getInputStream().transferTo(client.getOutputStream());
                open.remove(node);
            }
        } catch (IOException e) {
            // One side is gone, and so is the other: its client sees it.
        } finally {
            open.remove(client);
        }
    }

    /** A client that leaves takes its connection to the node along. */
    private static void closeWith(Socket client, Socket node) {
        try (node) {
            client.getInputStream().read();
        } catch (IOException e) {
            // Closed from this side.
        }
    }

    private Socket connect() throws IOException {
        var candidates = new ArrayList<>(ready);
        Collections.shuffle(candidates);
        for (var node : candidates) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()), CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
            }
        }
        throw new IOException("no node is ready");
    }

    /** One whole request that asks for the connection to be closed after it. */
    private static byte[] request(InputStream in) throws IOException {
        var head = head(in);
        int length = 0;
        var forwarded = new StringBuilder();
        for (String line : head.split("\r\n")) {
            var name = line.toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:")) {
                length = Integer.parseInt(
                        name.substring("content-length:".length()).strip());
            }
            if (!name.startsWith("connection:")
                    && !name.startsWith("upgrade:")
                    && !name.startsWith("http2-settings:")) {
                forwarded.append(line).append("\r\n");
            }
        }
        forwarded.append("Connection: close\r\n\r\n");
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(forwarded.toString().getBytes(UTF_8));
        whole.writeBytes(in.readNBytes(length));
        return whole.toByteArray();
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no whole request");
            }
            head.write(b);
        }
        return head.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
