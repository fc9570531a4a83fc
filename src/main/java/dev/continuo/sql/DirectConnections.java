package dev.continuo.sql;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections outside the pool, in autocommit: for the heartbeat, whose session holds an advisory lock and must never
 * wait for slow work, and for the schema. Every statement on one ends within {@code continuo.db.direct-timeout} seconds,
 * by an exception at the latest.
 */
@Singleton
public class DirectConnections {
    private final PGSimpleDataSource source = new PGSimpleDataSource();

    @Inject
    public DirectConnections(
            @ConfigProperty(name = "continuo.db.url") String url,
            @ConfigProperty(name = "continuo.db.user") Optional<String> user,
            @ConfigProperty(name = "continuo.db.password") Optional<String> password,
            @ConfigProperty(name = "continuo.db.direct-timeout") int timeoutSeconds) {
        source.setUrl(url);
        user.ifPresent(source::setUser);
        password.ifPresent(source::setPassword);
        source.setConnectTimeout(timeoutSeconds);
        source.setLoginTimeout(timeoutSeconds);
        source.setSocketTimeout(timeoutSeconds);
        source.setTcpKeepAlive(true);
        source.setApplicationName("continuo heartbeat");
    }

    public Connection open() throws SQLException {
        return source.getConnection();
    }

    /** Without the socket timeout: a migration may take long. */
    DataSource patient() {
        var patient = new PGSimpleDataSource();
        patient.setUrl(source.getUrl());
        patient.setUser(source.getUser());
        patient.setPassword(source.getPassword());
        patient.setSocketTimeout(0);
        patient.setApplicationName("continuo schema");
        return patient;
    }
}
