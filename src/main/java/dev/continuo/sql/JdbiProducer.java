package dev.continuo.sql;

import jakarta.annotation.Resource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.NoOpTransactionHandler;

@Singleton
class JdbiProducer {
    @Resource(lookup = "jdbc/continuo")
    private DataSource pool;

    /** JTA owns begin and commit. A connection inside its transaction says "no autocommit", which Jdbi would otherwise
     * take for a transaction that somebody forgot, and roll back. */
    @Produces
    @Singleton
    Jdbi jdbi(Schema migrated) {
        var jdbi = Jdbi.create(pool);
        jdbi.setTransactionHandler(new NoOpTransactionHandler());
        jdbi.getConfig(Handles.class).setForceEndTransactions(false);
        return jdbi;
    }
}
