package dev.continuo.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A TCP line to a server on loopback that can be spoilt at any moment and mended by {@link #heal()}. What was read before a
 * fault may still arrive; what is sent after a method here has returned meets the fault. Bytes are late or their
 * connection breaks, they are never lost, changed or reordered inside a connection that lives, as TCP has it.
 */
public final class FaultProxy implements AutoCloseable {
    /** The two directions of a connection. */
    public enum Way {
        TO_SERVER,
        TO_CLIENT
    }

    /** How a connection is cut: an error at once, or an end as if the other side had closed it. */
    public enum Cut {
        RESET,
        FIN
    }

    /** The two ends of a connection. */
    public enum End {
        CLIENT,
        SERVER
    }

    private record Weather(Duration delay, int bytesPerSecond, Set<Way> held) {
        static final Weather FAIR = new Weather(Duration.ZERO, 0, Set.of());

        boolean fair() {
            return this.equals(FAIR);
        }
    }

    private static final int BACKLOG = 512;

    private final SocketChannel reservation;
    private final int port;
    private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
    private final List<CommitTrap> traps = new CopyOnWriteArrayList<>();
    private volatile int target;
    private volatile Weather weather = Weather.FAIR;
    private Optional<ServerSocket> entrance = Optional.empty();
    private Thread acceptor = Thread.currentThread();
    private boolean closed;

    private FaultProxy(int target) {
        this.target = target;
        try {
            reservation = SocketChannel.open();
            reservation.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            reservation.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = ((InetSocketAddress) reservation.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        admit();
        AtExit.add(this::close);
    }

    /** On a free port, with nothing wrong. */
    public static FaultProxy to(int targetPort) {
        return new FaultProxy(targetPort);
    }

    public int port() {
        return port;
    }

    public int connections() {
        return open.size();
    }

    /** New connections go there from now on, as after the move of a server's address. */
    public void redirect(int targetPort) {
        target = targetPort;
    }

    /** Everything arrives so much later, each way. */
    public void delay(Duration eachWay) {
        change(new Weather(eachWay, weather.bytesPerSecond, weather.held));
    }

    /** Per connection and direction. */
    public void trickle(int bytesPerSecond) {
        change(new Weather(weather.delay, bytesPerSecond, weather.held));
    }

    /** Connections come about, and nothing passes, not even their ends: a cut cable. After {@link #heal()} all goes on. */
    public void blackHole() {
        change(new Weather(weather.delay, weather.bytesPerSecond, EnumSet.allOf(Way.class)));
    }

    /** Only one direction is dead. */
    public void blackHole(Way only) {
        change(new Weather(weather.delay, weather.bytesPerSecond, Set.of(only)));
    }

    /** Ends all connections; new ones are welcome. */
    public void cut(Cut how) {
        open.forEach(connection -> connection.cut(how));
    }

    /**
     * Only one end hears that its connections are over, the other one talks on to nobody until it is told by {@link #heal()}:
     * the other machine has lost its power, or a firewall its memory. New connections are welcome.
     */
    public void halfOpen(End told) {
        open.forEach(connection -> connection.halfOpen(told));
    }

    /** New connections are refused, those that exist go on. */
    public synchronized void refuse() {
        entrance.ifPresent(this::shut);
        entrance = Optional.empty();
    }

    /** A thread inside {@code accept} keeps the socket alive after its close until it has left. */
    private void shut(ServerSocket socket) {
        close(socket);
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * PostgreSQL: catches the next transaction that ran a statement with these words, at its COMMIT; see {@link CommitTrap}.
     * Letter case counts.
     */
    public CommitTrap trapCommit(String words, CommitTrap.Then then) {
        var trap = new CommitTrap(words, then, this::change);
        traps.add(trap);
        return trap;
    }

    /** Nothing is wrong any more; what waited goes on, and who talked to nobody is told. */
    public void heal() {
        traps.forEach(CommitTrap::release);
        traps.clear();
        change(Weather.FAIR);
        open.forEach(ProxiedConnection::endIfHalfOpen);
        admit();
    }

    private synchronized void admit() {
        if (closed || entrance.isPresent()) {
            return;
        }
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            entrance = Optional.of(socket);
            acceptor = Thread.ofVirtual().name("proxy-" + port).start(() -> accept(socket));
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port, e);
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket client = from.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // The entrance was closed: whoever comes now is refused.
            }
        }
    }

    private void connect(Socket client) {
        var connection = new ProxiedConnection(this, client);
        open.add(connection);
        connection.run(() -> new Socket(InetAddress.getLoopbackAddress(), target));
        open.remove(connection);
    }

    private synchronized void change(Weather next) {
        weather = next;
        notifyAll();
    }

    /** Wakes whoever waits here, to look again. */
    synchronized void change() {
        notifyAll();
    }

    /** Returns when what was read at that moment may go on, or when its connection is over. */
    void awaitPassage(ProxiedConnection connection, Way way, long readAt) throws InterruptedException {
        if (weather.fair() && !connection.trapped(way)) {
            return;
        }
        synchronized (this) {
            while (!connection.over()) {
                long left = readAt + weather.delay.toNanos() - System.nanoTime();
                if (weather.held.contains(way) || connection.trapped(way)) {
                    wait();
                } else if (left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } else {
                    return;
                }
            }
        }
    }

    /** Bytes per second and direction; 0 is as many as there are. */
    int rate() {
        return weather.bytesPerSecond;
    }

    /** Waits for as long as so many bytes take at that rate, or until it is another. */
    synchronized void pace(int written, int rate) throws InterruptedException {
        long until = System.nanoTime() + written * 1_000_000_000L / rate;
        for (long left = until - System.nanoTime();
                left > 0 && weather.bytesPerSecond == rate;
                left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** The trap that this transaction falls into, which then is armed no more. */
    Optional<CommitTrap> trapFor(List<String> transaction) {
        return traps.stream()
                .filter(trap -> trap.catches(transaction))
                .filter(traps::remove)
                .findFirst();
    }

    void arm(CommitTrap trap) {
        traps.add(trap);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            refuse();
        }
        cut(Cut.RESET);
        close(reservation);
    }

    private static void close(java.io.Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
