package dev.continuo.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Certificates;
import dev.continuo.testkit.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sslmode=verify-full} in {@code continuo.db.url}, with the connections that the product makes of it. */
class PostgresTransportIT {
    private final Postgres postgres = Postgres.launch();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        postgres.close();
    }

    private Connection open(String trusted) throws SQLException {
        var url = plain() + "&sslmode=verify-full&sslrootcert=" + folder.resolve(trusted + ".pem");
        return new DatabaseAddress(url, Optional.empty(), Optional.empty())
                .source("test")
                .getConnection();
    }

    private String plain() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres&password=postgres";
    }

    private void serve(String name) throws Exception {
        var key = folder.resolve(name + ".key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        try (var connection = DriverManager.getConnection(plain());
                var statement = connection.createStatement()) {
            var data = Path.of(one(connection, "show data_directory"));
            for (var ending : new String[] {".key", ".pem"}) {
                Files.copy(
                        folder.resolve(name + ending),
                        data.resolve("server" + ending),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
            statement.execute("alter system set ssl_cert_file = 'server.pem'");
            statement.execute("alter system set ssl_key_file = 'server.key'");
            statement.execute("alter system set ssl = on");
            statement.execute("select pg_reload_conf()");
        }
        Await.until("it speaks TLS with " + name, Duration.ofSeconds(30), () -> {
            try (var connection = open(name)) {
                return one(connection, "select ssl from pg_stat_ssl where pid = pg_backend_pid()")
                        .equals("t");
            } catch (SQLException e) {
                return e.getMessage().contains("could not be verified");
            }
        });
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void the_right_certificate_is_accepted_an_unknown_or_misnamed_one_is_not() throws Exception {
        var certificates = Certificates.in(folder, "password");
        certificates.make("good", "ip:127.0.0.1");
        certificates.make("other", "ip:127.0.0.1");
        certificates.make("misnamed", "dns:elsewhere.test");

        assertThatThrownBy(() -> open("good")).as("no TLS at all").isInstanceOf(SQLException.class);
        serve("good");
        try (var connection = open("good")) {
            assertThat(one(connection, "select ssl from pg_stat_ssl where pid = pg_backend_pid()"))
                    .isEqualTo("t");
        }
        assertThatThrownBy(() -> open("other")).isInstanceOf(SQLException.class);
        serve("misnamed");
        assertThatThrownBy(() -> open("misnamed"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("could not be verified");
    }
}
