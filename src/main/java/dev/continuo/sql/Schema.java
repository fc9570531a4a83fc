package dev.continuo.sql;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;

/** Brings the schema up to date before any other bean touches the database; several nodes may start at once. */
@Singleton
public class Schema {
    private static final Logger LOG = System.getLogger(Schema.class.getName());

    private final DirectConnections connections;
    private final int startRetries;

    @Inject
    public Schema(DirectConnections connections, @ConfigProperty(name = "continuo.db.start-retries") int startRetries) {
        this.connections = connections;
        this.startRetries = startRetries;
    }

    void start(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) @Initialized(ApplicationScoped.class)
                    Object application) {
        int applied = migrate(connections.patient(), startRetries);
        LOG.log(Level.INFO, "the schema is up to date, migrations applied now: {0}", applied);
    }

    /** The number of migrations that were missing; waits up to a second longer before each further try to connect. */
    public static int migrate(DataSource source, int connectRetries) {
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:db/migration")
                .baselineVersion("0")
                .connectRetries(connectRetries)
                .connectRetriesInterval(2)
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
