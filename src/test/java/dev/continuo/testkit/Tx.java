package dev.continuo.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;

/** Stands in for JTA: inside a block all handles of the thread share one connection that commits when the block returns and
 * rolls back when it throws; outside, each handle is a connection that commits by itself. A block within a block joins it,
 * as {@code REQUIRED} does. */
public final class Tx implements AutoCloseable {
    private final DataSource source;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final ThreadLocal<Connection> current = new ThreadLocal<>();
    private final Jdbi jdbi;

    public Tx(DataSource source) {
        this.source = source;
        this.jdbi = Jdbi.create(new Sharing());
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    public void run(Runnable block) {
        call(() -> {
            block.run();
            return null;
        });
    }

    public <T> T call(Supplier<T> block) {
        if (current.get() != null) {
            return block.get();
        }
        try {
            Connection connection = borrow();
            connection.setAutoCommit(false);
            current.set(connection);
            boolean done = false;
            try {
                T result = block.get();
                connection.commit();
                done = true;
                return result;
            } finally {
                current.remove();
                settle(connection, done);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void settle(Connection connection, boolean done) throws SQLException {
        try {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
            idle.push(connection);
        } catch (SQLException e) {
            connection.close();
            if (done) {
                throw e;
            }
        }
    }

    private Connection borrow() throws SQLException {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            if (connection.isValid(2)) {
                return connection;
            }
            connection.close();
        }
        return source.getConnection();
    }

    /** Closes the connections that nobody uses. */
    @Override
    public void close() throws SQLException {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
    }

    private final class Sharing implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            Connection shared = current.get();
            return shared == null ? borrow() : shared;
        }

        @Override
        public void closeConnection(Connection connection) {
            if (connection != current.get()) {
                idle.push(connection);
            }
        }
    }
}
