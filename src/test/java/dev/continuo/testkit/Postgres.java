package dev.continuo.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;

/** A PostgreSQL of its own, also as root, on a port that it keeps. It can be stopped at once, as a crash would, and started
 * again; a migrated database of one's own costs a fraction of a second. */
public final class Postgres implements AutoCloseable {
    private static final String TEMPLATE = "continuo_template";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Logger SERVER_LOG = Logger.getLogger("io.zonky.test");
    private static final Logger MIGRATION_LOG = Logger.getLogger("org.flywaydb");

    private final EmbeddedPostgres first;
    private final List<String> command;
    private final Path folder;
    private final int port;
    private boolean templated;
    private boolean closed;

    private Postgres(Path folder, int port, Durability durability) {
        SERVER_LOG.setLevel(Level.SEVERE);
        MIGRATION_LOG.setLevel(Level.WARNING);
        this.folder = folder;
        this.port = port;
        try {
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(folder.resolve("data"))
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setLocaleConfig("encoding", "UTF8")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("shared_buffers", "128MB")
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(logFile()))
                    .setErrorRedirector(ProcessBuilder.Redirect.appendTo(logFile()));
            String synced = durability == Durability.SURVIVES_A_POWER_CUT ? "on" : "off";
            builder.setServerConfig("synchronous_commit", "on")
                    .setServerConfig("fsync", synced)
                    .setServerConfig("full_page_writes", synced);
            this.first = builder.start();
            this.command = commandOf(folder.resolve("data"));
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start, see " + logFile(), e);
        }
        AtExit.add(this::close);
    }

    private java.io.File logFile() {
        java.io.File file = folder.resolve("postgres.log").toFile();
        file.getParentFile().mkdirs();
        return file;
    }

    /** As the server itself wrote it down, for a start without a second initdb. */
    private static List<String> commandOf(Path data) throws IOException {
        var words = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            words.addAll(List.of(Child.executable("unshare").orElseThrow().toString(), "-U"));
        }
        Matcher word = WORD.matcher(Files.readString(data.resolve("postmaster.opts")));
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return List.copyOf(words);
    }

    /** What a commit outlives: the death of the server's process, or of the machine too. */
    public enum Durability {
        SURVIVES_A_KILL,
        SURVIVES_A_POWER_CUT
    }

    /** One of its own, for tests that stop it. */
    public static Postgres launch() {
        return new Postgres(TempFolder.create("postgres"), Ports.free(), Durability.SURVIVES_A_KILL);
    }

    public static Postgres launch(Path folder, int port, Durability durability) {
        return new Postgres(folder.toAbsolutePath(), port, durability);
    }

    /** One for all tests of this JVM that never stop it; each takes a database of its own. */
    public static Postgres shared() {
        return Shared.INSTANCE;
    }

    /** A new migrated database. */
    public Database database() {
        return database("t" + DATABASES.incrementAndGet() + "_"
                + ProcessHandle.current().pid());
    }

    public synchronized Database database(String name) {
        if (!templated) {
            execute("create database " + TEMPLATE);
            migrate(new Database(this, TEMPLATE));
            templated = true;
        }
        execute("create database " + name + " template " + TEMPLATE);
        return new Database(this, name);
    }

    /** A new database without tables. */
    public Database emptyDatabase(String name) {
        execute("create database " + name);
        return new Database(this, name);
    }

    private static void migrate(Database database) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), null, null)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres&password=postgres";
    }

    public int port() {
        return port;
    }

    public long pid() {
        try (var lines = Files.lines(pidFile())) {
            return Long.parseLong(lines.findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not run", e);
        }
    }

    private Path pidFile() {
        return folder.resolve("data").resolve("postmaster.pid");
    }

    /** An immediate shutdown: sessions are cut, recovery runs at the next start. */
    public void stop() {
        Child.signal(pid(), "QUIT");
        Await.until("PostgreSQL is gone", Duration.ofSeconds(20), () -> !Files.exists(pidFile()));
    }

    public boolean running() {
        return Files.exists(pidFile());
    }

    /** A clean shutdown, after which the files may be copied. */
    void stopCleanly() {
        Child.signal(pid(), "INT");
        Await.until("PostgreSQL is gone", Duration.ofSeconds(30), () -> !Files.exists(pidFile()));
    }

    Path data() {
        return folder.resolve("data");
    }

    /** What starts it, with its folder and its port among the words. */
    List<String> command() {
        return command;
    }

    /** Returns once it accepts sessions. */
    public void start() {
        Child.start("postgres", logFile().toPath(), Map.of(), command);
        Await.until("PostgreSQL accepts sessions", Duration.ofSeconds(60), this::accepts);
    }

    public void restart() {
        stop();
        start();
    }

    private boolean accepts() {
        try (Connection connection = DriverManager.getConnection(url("postgres"))) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        SERVER_LOG.setLevel(Level.OFF);
        try {
            first.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TempFolder.discard(folder.resolve("data"));
    }

    private static final class Shared {
        static final Postgres INSTANCE = launch();
    }
}
