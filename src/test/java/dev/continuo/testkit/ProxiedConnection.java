package dev.continuo.testkit;

import dev.continuo.testkit.FaultProxy.Cut;
import dev.continuo.testkit.FaultProxy.End;
import dev.continuo.testkit.FaultProxy.Way;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;

/** One connection through a {@link FaultProxy}: per direction one thread that reads and one that writes when it may. */
final class ProxiedConnection {
    private record Piece(byte[] bytes, long readAt) {}

    private static final int READ_AT_ONCE = 16 * 1024;
    private static final int PIECES = 32;
    private static final Piece END = new Piece(new byte[0], 0);
    private static final Piece BROKEN = new Piece(new byte[0], 0);

    private final FaultProxy proxy;
    private final Socket client;
    private final PgFrontend said = new PgFrontend();
    private volatile Socket server;
    private volatile boolean over; // written under this monitor
    private volatile boolean halfOpen;
    private volatile Optional<CommitTrap> trap = Optional.empty();

    ProxiedConnection(FaultProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    /** Returns when the connection is over. */
    void run(Callable<Socket> connector) {
        try {
            proxy.awaitPassage(this, Way.TO_SERVER, System.nanoTime());
            server = connector.call();
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            if (over) {
                end(server, Cut.RESET);
                return;
            }
            List<Thread> threads = List.of(pump(Way.TO_SERVER), pump(Way.TO_CLIENT));
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            cut(Cut.RESET); // The server is away, and so is, for the client, this line.
        } finally {
            cut(Cut.FIN);
        }
    }

    private Thread pump(Way way) {
        BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES);
        Socket from = way == Way.TO_SERVER ? client : server;
        Socket to = way == Way.TO_SERVER ? server : client;
        Thread.ofVirtual().start(() -> read(from, pieces));
        return Thread.ofVirtual().start(() -> write(way, pieces, to));
    }

    private void read(Socket from, BlockingQueue<Piece> pieces) {
        try {
            byte[] buffer = new byte[READ_AT_ONCE];
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                pieces.put(new Piece(Arrays.copyOf(buffer, n), System.nanoTime()));
            }
            pieces.put(END);
        } catch (IOException e) {
            leave(pieces);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void leave(BlockingQueue<Piece> pieces) {
        try {
            pieces.put(BROKEN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Way way, BlockingQueue<Piece> pieces, Socket to) {
        try {
            for (Piece piece = pieces.take(); ; piece = pieces.take()) {
                proxy.awaitPassage(this, way, piece.readAt);
                if (halfOpen) {
                    if (piece == END) {
                        cut(Cut.RESET);
                    }
                } else if (over || piece == BROKEN) {
                    cut(Cut.RESET);
                } else if (piece == END) {
                    to.shutdownOutput();
                } else {
                    forward(way, piece.bytes, to);
                }
                if (over || piece == END || piece == BROKEN) {
                    return;
                }
            }
        } catch (IOException e) {
            cutUnlessHalfOpen();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forward(Way way, byte[] bytes, Socket to) throws IOException, InterruptedException {
        if (way == Way.TO_SERVER) {
            Optional<CommitTrap> caught = said.accept(bytes).flatMap(proxy::trapFor);
            if (caught.isPresent()) {
                spring(caught.get());
            }
        } else if (trap.filter(t -> !t.holdsTheRequest()).isPresent()) {
            answered(trap.get(), bytes);
            proxy.awaitPassage(this, way, 0);
            trap = Optional.empty();
        }
        for (int from = 0; from < bytes.length && !over; ) {
            int rate = proxy.rate();
            int length = rate == 0 ? bytes.length - from : Math.min(Math.max(1, rate / 20), bytes.length - from);
            to.getOutputStream().write(bytes, from, length);
            from += length;
            if (rate > 0) {
                proxy.pace(length, rate);
            }
        }
    }

    private void spring(CommitTrap caught) throws InterruptedException {
        if (caught.losesTheRequest()) {
            cut(Cut.RESET);
            caught.sprung();
        } else if (caught.holdsTheRequest()) {
            trap = Optional.of(caught);
            caught.sprung();
            proxy.awaitPassage(this, Way.TO_SERVER, 0);
            trap = Optional.empty();
        } else {
            trap = Optional.of(caught);
        }
    }

    private void answered(CommitTrap caught, byte[] answer) {
        if (!new String(answer, StandardCharsets.ISO_8859_1).contains("COMMIT\0")) {
            proxy.arm(caught);
        } else if (caught.cutsTheAnswer()) {
            cut(Cut.RESET);
            caught.sprung();
        } else {
            caught.sprung();
        }
    }

    /** Whether this waits in a {@link CommitTrap}. */
    boolean trapped(Way way) {
        return trap.filter(caught -> caught.holds(way)).isPresent();
    }

    boolean over() {
        return over;
    }

    /** Only the first cut counts. */
    synchronized void cut(Cut how) {
        if (over) {
            return;
        }
        over = true;
        end(client, how);
        end(server, how);
        proxy.change();
    }

    private void cutUnlessHalfOpen() {
        if (!halfOpen) {
            cut(Cut.RESET);
        }
    }

    void halfOpen(End told) {
        halfOpen = true;
        end(told == End.CLIENT ? client : server, Cut.RESET);
    }

    void endIfHalfOpen() {
        if (halfOpen) {
            cut(Cut.RESET);
        }
    }

    private static void end(Socket socket, Cut how) {
        if (socket == null) {
            return;
        }
        try (socket) {
            if (how == Cut.RESET && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // Its own side was faster.
        }
    }
}
