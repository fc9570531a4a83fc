package dev.continuo.sql;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** Where PostgreSQL is, for connections outside the pool. */
@Singleton
class DatabaseAddress {
    private final String url;
    private final Optional<String> user;
    private final Optional<String> password;

    @Inject
    DatabaseAddress(
            @ConfigProperty(name = "continuo.db.url") String url,
            @ConfigProperty(name = "continuo.db.user") Optional<String> user,
            @ConfigProperty(name = "continuo.db.password") Optional<String> password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    PGSimpleDataSource source(String applicationName) {
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        user.ifPresent(source::setUser);
        password.ifPresent(source::setPassword);
        source.setTcpKeepAlive(true);
        source.setApplicationName(applicationName);
        return source;
    }
}
