package dev.continuo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int A_WHILE_MS = 150;

    private final ServerSocket listening = listen();
    private final FaultProxy proxy = FaultProxy.to(listening.getLocalPort());
    private Socket client;
    private Socket server;

    @AfterEach
    void close() throws IOException {
        proxy.close();
        listening.close();
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void connect() throws IOException {
        client = open();
        server = listening.accept();
        server.setSoTimeout((int) SOON.toMillis());
    }

    private Socket open() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private static void say(Socket from, String text) throws IOException {
        from.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hear(Socket at, int bytes) throws IOException {
        return new String(at.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private static void hearNothing(Socket at) throws IOException {
        at.setSoTimeout(A_WHILE_MS);
        assertThatThrownBy(() -> at.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        at.setSoTimeout((int) SOON.toMillis());
    }

    @Test
    void a_healthy_line_carries_both_ways_and_one_end_that_is_closed_does_not_close_the_other() throws IOException {
        connect();
        say(client, "question");
        assertThat(hear(server, 8)).isEqualTo("question");
        client.shutdownOutput();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        say(server, "answer");
        server.close();
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("answer");
        Await.until("the connection is over", SOON, () -> proxy.connections() == 0);
    }

    @Test
    void a_death_on_one_side_is_one_on_the_other() throws IOException {
        connect();
        say(client, "x");
        hear(server, 1);
        server.setSoLinger(true, 0);
        server.close();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void delay_makes_everything_late_and_nothing_else() throws IOException {
        connect();
        proxy.delay(Duration.ofMillis(60));
        long began = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            say(client, "ping-" + i);
        }
        assertThat(hear(server, 60)).isEqualTo("ping-0ping-1ping-2ping-3ping-4ping-5ping-6ping-7ping-8ping-9");
        say(server, "pong");
        assertThat(hear(client, 4)).isEqualTo("pong");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
    }

    @Test
    void a_trickle_passes_so_many_bytes_a_second() throws IOException {
        connect();
        proxy.trickle(1000);
        long began = System.nanoTime();
        say(server, "x".repeat(200));
        assertThat(hear(client, 200)).hasSize(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        proxy.trickle(1);
        say(server, "y".repeat(100_000));
        hear(client, 1);
        proxy.heal();
        assertThat(hear(client, 99_999)).hasSize(99_999);
    }

    @Test
    void a_reset_is_an_error_and_a_fin_is_an_end() throws IOException {
        connect();
        say(client, "x");
        hear(server, 1);
        proxy.cut(FaultProxy.Cut.RESET);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        connect();
        say(client, "x");
        hear(server, 1);
        proxy.cut(FaultProxy.Cut.FIN);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        connect();
        say(client, "again");
        assertThat(hear(server, 5)).isEqualTo("again");
    }

    @Test
    void a_black_hole_accepts_and_forwards_nothing_until_it_is_healed() throws IOException {
        connect();
        proxy.blackHole();
        say(client, "question");
        say(server, "answer");
        var second = open();
        say(second, "second");
        hearNothing(server);
        hearNothing(client);
        client.shutdownOutput();
        proxy.heal();
        assertThat(hear(server, 8)).isEqualTo("question");
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        assertThat(hear(client, 6)).isEqualTo("answer");
        assertThat(hear(listening.accept(), 6)).isEqualTo("second");
    }

    @Test
    void a_black_hole_can_be_of_one_direction() throws IOException {
        connect();
        proxy.blackHole(FaultProxy.Way.TO_CLIENT);
        say(client, "question");
        assertThat(hear(server, 8)).isEqualTo("question");
        say(server, "answer");
        hearNothing(client);
        proxy.heal();
        assertThat(hear(client, 6)).isEqualTo("answer");
    }

    @Test
    void of_a_half_open_connection_only_one_end_knows() throws IOException {
        connect();
        say(client, "x");
        hear(server, 1);
        proxy.halfOpen(FaultProxy.End.SERVER);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        for (int i = 0; i < 100; i++) {
            say(client, "into the void");
        }
        hearNothing(client);
        var second = open();
        say(second, "welcome");
        assertThat(hear(listening.accept(), 7)).isEqualTo("welcome");
        proxy.heal();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void refusing_spares_those_who_are_connected() throws IOException {
        connect();
        proxy.refuse();
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
        say(client, "still");
        assertThat(hear(server, 5)).isEqualTo("still");
        proxy.heal();
        open();
        listening.accept();
    }

    @Test
    void a_server_that_is_away_is_a_broken_connection() throws IOException {
        listening.close();
        var lost = open();
        assertThatThrownBy(() -> {
                    say(lost, "x");
                    if (lost.getInputStream().read() < 0) {
                        throw new SocketException("ended");
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void a_lost_request_never_reaches_the_server() throws IOException {
        connect();
        var trap = proxy.trapCommit("insert into messages", CommitTrap.Then.LOSE_THE_REQUEST);
        beginAndInsert("insert into messages values ($1)");
        client.getOutputStream().write(prepared("COMMIT", "S_2"));
        trap.awaitSprung(SOON);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void a_lost_answer_is_lost_after_the_commit() throws IOException {
        connect();
        var trap = proxy.trapCommit("insert into messages", CommitTrap.Then.LOSE_THE_ANSWER);
        beginAndInsert("select 1");
        commit();
        assertThat(hear(client, COMMITTED.length())).isEqualTo(COMMITTED);
        assertThat(trap.hasSprung()).isFalse();
        beginAndInsert("insert into messages values ($1)");
        commit();
        trap.awaitSprung(SOON);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void a_held_answer_comes_when_it_is_released_and_the_next_one_at_once() throws IOException {
        connect();
        var trap = proxy.trapCommit("insert into messages", CommitTrap.Then.HOLD_THE_ANSWER);
        beginAndInsert("insert into messages values ($1)");
        commit();
        trap.awaitSprung(SOON);
        hearNothing(client);
        trap.release();
        assertThat(hear(client, COMMITTED.length())).isEqualTo(COMMITTED);
        beginAndInsert("insert into messages values ($1)");
        commit();
        assertThat(hear(client, COMMITTED.length())).isEqualTo(COMMITTED);
    }

    @Test
    void a_held_request_leaves_the_transaction_open() throws IOException {
        connect();
        var trap = proxy.trapCommit("insert into messages", CommitTrap.Then.HOLD_THE_REQUEST);
        beginAndInsert("insert into messages values ($1)");
        var commit = prepared("COMMIT", "S_2");
        client.getOutputStream().write(commit);
        trap.awaitSprung(SOON);
        hearNothing(server);
        say(server, "notice");
        assertThat(hear(client, 6)).isEqualTo("notice");
        trap.release();
        assertThat(server.getInputStream().readNBytes(commit.length)).isEqualTo(commit);
    }

    @Test
    void what_a_server_says_to_a_held_request_catches_nobody_else() throws IOException {
        connect();
        var trap = proxy.trapCommit("insert into messages", CommitTrap.Then.HOLD_THE_REQUEST);
        beginAndInsert("insert into messages values ($1)");
        client.getOutputStream().write(prepared("COMMIT", "S_2"));
        trap.awaitSprung(SOON);
        say(server, "FATAL: terminating connection due to idle-in-transaction timeout");
        assertThat(hear(client, 5)).isEqualTo("FATAL");

        started = false;
        connect();
        beginAndInsert("insert into messages values ($1)");
        commit();
        assertThat(hear(client, COMMITTED.length())).isEqualTo(COMMITTED);
    }

    private static final String COMMITTED = "2\0\0\0\4C\0\0\0\13COMMIT\0Z\0\0\0\5I";

    private void beginAndInsert(String sql) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(startup());
        out.write(prepared("BEGIN", ""));
        out.write(prepared(sql, "S_1"));
        started = true;
        exchange(out.toByteArray());
    }

    private void commit() throws IOException {
        exchange(prepared("COMMIT", "S_2"));
        say(server, COMMITTED);
    }

    private void exchange(byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        assertThat(server.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    private boolean started;

    private byte[] startup() throws IOException {
        if (started) {
            return new byte[0];
        }
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(8);
        out.writeInt(80_877_103);
        out.writeInt(18);
        out.writeInt(196_608);
        out.writeBytes("user\0xxx\0\0");
        return bytes.toByteArray();
    }

    /** Parse, Bind, Execute, Sync, as the JDBC driver says them. */
    private static byte[] prepared(String sql, String name) throws IOException {
        var bytes = new ByteArrayOutputStream();
        message(bytes, 'P', name + "\0" + sql + "\0\0\0");
        message(bytes, 'B', "\0" + name + "\0\0\0\0\0\0\0");
        message(bytes, 'E', "\0\0\0\0\0");
        message(bytes, 'S', "");
        return bytes.toByteArray();
    }

    private static void message(ByteArrayOutputStream to, char type, String body) throws IOException {
        var out = new DataOutputStream(to);
        out.writeByte(type);
        out.writeInt(body.length() + 4);
        out.writeBytes(body);
    }
}
