package dev.continuo.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A primary and its synchronous standby: what the primary has acknowledged, the standby has, too. Both began as copies of
 * one cluster that was shut down cleanly.
 */
public final class PostgresPair implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final String database;
    private final int primaryPort = Ports.free();
    private final int standbyPort = Ports.free();
    private final Child primary;
    private final Child standby;

    private PostgresPair(Path folder, String database) throws IOException {
        this.folder = folder;
        this.database = database;
        var origin = Postgres.launch(folder.resolve("origin"), Ports.free(), Postgres.Durability.SURVIVES_A_KILL);
        origin.emptyDatabase(database);
        origin.stopCleanly();
        Path first = copy(origin, "primary");
        Path second = copy(origin, "standby");
        origin.close();
        configure(first, "synchronous_standby_names = '*'");
        configure(
                second,
                "primary_conninfo = 'host=127.0.0.1 port=" + primaryPort
                        + " user=postgres password=postgres application_name=standby'");
        Files.createFile(second.resolve("standby.signal"));
        primary = start(origin, first, primaryPort);
        standby = start(origin, second, standbyPort);
        Await.until("the standby follows, see " + folder, PATIENCE, this::inStep);
    }

    public static PostgresPair launch(Path folder, String database) {
        try {
            TempFolder.delete(folder.toAbsolutePath());
            return new PostgresPair(folder.toAbsolutePath(), database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copy(Postgres origin, String name) throws IOException {
        Path target = folder.resolve(name);
        try {
            var cp = new ProcessBuilder("cp", "-a", origin.data().toString(), target.toString())
                    .inheritIO()
                    .start();
            if (cp.waitFor() != 0) {
                throw new IOException("cp failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return target;
    }

    private static void configure(Path data, String line) throws IOException {
        Files.writeString(data.resolve("postgresql.auto.conf"), line + "\n", StandardOpenOption.APPEND);
    }

    private Child start(Postgres origin, Path data, int port) {
        List<String> command = origin.command().stream()
                .map(word -> word.equals(origin.data().toString()) ? data.toString() : word)
                .map(word -> word.equals(Integer.toString(origin.port())) ? Integer.toString(port) : word)
                .toList();
        return Child.start(
                data.getFileName().toString(), folder.resolve(data.getFileName() + ".log"), Map.of(), command);
    }

    private boolean inStep() {
        return "sync".equals(ask(primaryPort, "select sync_state from pg_stat_replication"));
    }

    /** Names both; whoever connects gets the one that takes writes. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + primaryPort + ",127.0.0.1:" + standbyPort + "/" + database
                + "?targetServerType=primary&hostRecheckSeconds=1&user=postgres&password=postgres";
    }

    /** SIGKILL: its sessions end with it. */
    public void killPrimary() {
        primary.kill9();
    }

    /** Returns once the standby takes writes. */
    public void promote() {
        ask(standbyPort, "select pg_promote(wait => false)");
        Await.until(
                "the standby is promoted", PATIENCE, () -> "f".equals(ask(standbyPort, "select pg_is_in_recovery()")));
    }

    private String ask(int port, String sql) {
        var url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres&password=postgres";
        try (Connection connection = DriverManager.getConnection(url);
                var rows = connection.createStatement().executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException e) {
            return e.getMessage();
        }
    }

    @Override
    public void close() {
        standby.kill9();
        primary.kill9();
        Await.until("both are gone", PATIENCE, () -> !primary.alive() && !standby.alive());
        TempFolder.delete(folder);
    }
}
