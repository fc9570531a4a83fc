package dev.continuo.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine's loopback. */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int END = 32_000;

    private Ports() {}

    /** A port that was free a moment ago. The system gives none of this range to anybody who asks for just any port, so that
     * a server that starts later, or again, finds it free. */
    public static int free() {
        return ThreadLocalRandom.current()
                .ints(FIRST, END)
                .filter(Ports::isFree)
                .findFirst()
                .orElseThrow();
    }

    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
