package dev.continuo.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** A lock on a run's thread: nobody finishes the run before this is closed. */
final class HeldFinish implements AutoCloseable {
    private final Connection connection;

    HeldFinish(String databaseUrl, String run) {
        var database = new PGSimpleDataSource();
        database.setUrl(databaseUrl);
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("select 1 from threads t join runs r using (thread_id) where r.run_id = '" + run
                        + "' for update of t");
            }
        } catch (SQLException e) {
            throw new AssertionError(run, e);
        }
    }

    @Override
    public void close() {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
