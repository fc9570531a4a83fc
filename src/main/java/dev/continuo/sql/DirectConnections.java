package dev.continuo.sql;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections outside the pool, in autocommit: for the heartbeat, whose session holds an advisory lock and must never
 * wait for slow work. Every statement on one ends within {@code continuo.db.direct-timeout} seconds, by an exception at
 * the latest.
 */
@Singleton
public class DirectConnections {
    private final PGSimpleDataSource source;

    @Inject
    DirectConnections(
            DatabaseAddress address,
            Schema migrated,
            @ConfigProperty(name = "continuo.db.direct-timeout") int timeoutSeconds) {
        source = address.source("continuo heartbeat");
        source.setConnectTimeout(timeoutSeconds);
        source.setLoginTimeout(timeoutSeconds);
        source.setSocketTimeout(timeoutSeconds);
    }

    public Connection open() throws SQLException {
        return source.getConnection();
    }
}
