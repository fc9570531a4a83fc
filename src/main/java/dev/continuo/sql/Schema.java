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

/** Brings the schema up to date before it exists as a bean, so that whoever asks for a way to the database, also a timer
 * that is early, waits for it. Several nodes may start at once. */
@Singleton
class Schema {
    private static final Logger LOG = System.getLogger(Schema.class.getName());

    @Inject
    Schema(DatabaseAddress address, @ConfigProperty(name = "continuo.db.start-retries") int startRetries) {
        int applied = migrate(address.source("continuo schema"), startRetries);
        LOG.log(Level.INFO, "the schema is up to date, migrations applied now: {0}", applied);
    }

    /** Makes the container create this at start, and an unreachable or foreign database end the start. */
    void start(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) @Initialized(ApplicationScoped.class)
                    Object application) {}

    private static int migrate(DataSource source, int connectRetries) {
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
