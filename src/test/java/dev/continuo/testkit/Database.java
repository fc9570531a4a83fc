package dev.continuo.testkit;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** One database of a {@link Postgres}. */
public record Database(Postgres server, String name) {
    /** With user and password, as {@code CONTINUO_DB_URL} takes it. */
    public String jdbcUrl() {
        return server.url(name);
    }

    /** A new connection at each call. */
    public DataSource dataSource() {
        var source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl());
        return source;
    }

    public Tx tx() {
        return new Tx(dataSource());
    }
}
