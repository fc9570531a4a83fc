package dev.continuo.sql;

import jakarta.annotation.Resource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.NoOpTransactionHandler;

/**
 * One pool, borrowed from in two ways. A transaction has one connection for all its statements. What is read outside of
 * one gives its connection back with its close: a shareable one would stay with the request until its end, while its
 * transaction waits for a second one, and as many requests as there are connections would wait for each other.
 */
@Singleton
class JdbiProducer {
    @Resource(lookup = "jdbc/continuo", shareable = true)
    private DataSource forTransactions;

    @Resource(lookup = "jdbc/continuo", shareable = false)
    private DataSource forReads;

    @Resource(lookup = "java:comp/TransactionSynchronizationRegistry")
    private TransactionSynchronizationRegistry transactions;

    /** JTA owns begin and commit. A connection inside its transaction says "no autocommit", which Jdbi would otherwise
     * take for a transaction that somebody forgot, and roll back. */
    @Produces
    @Singleton
    Jdbi jdbi(Schema migrated) {
        var jdbi = Jdbi.create(this::connection);
        jdbi.setTransactionHandler(new NoOpTransactionHandler());
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        return jdbi;
    }

    private Connection connection() throws SQLException {
        return transactions.getTransactionStatus() == Status.STATUS_NO_TRANSACTION
                ? forReads.getConnection()
                : forTransactions.getConnection();
    }
}
