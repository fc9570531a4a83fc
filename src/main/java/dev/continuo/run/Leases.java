package dev.continuo.run;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A node's right to its claims, renewed on a connection that serves nothing else: its session holds the advisory lock
 * by whose absence others notice a death within milliseconds. A new connection takes the lock with its first beat, or
 * with a later one while the server has not yet noticed the end of the old.
 */
@Singleton
public class Leases {
    private static final String HELD = """
            exists (select 1 from pg_locks l where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.pid = pg_backend_pid()
              and l.database = (select oid from pg_database where datname = current_database())
              and l.classid = cast(b.lock_key >> 32 & 4294967295 as oid)
              and l.objid = cast(b.lock_key & 4294967295 as oid))
            """;

    private static final String RENEW = """
            insert into nodes as n (node_id, boot_id, lock_key, lock_held, renewed_at, lease_until, draining, load, url)
            select b.node_id, b.boot_id, b.lock_key, %s, clock_timestamp(), clock_timestamp() + s.lease,
              b.draining, b.load, b.url
            from settings s, (select cast(? as text) as node_id, cast(? as uuid) as boot_id, cast(? as bigint) as lock_key,
              cast(? as boolean) as draining, cast(? as jsonb) as load, cast(? as text) as url) b
            on conflict (node_id, boot_id) do update set lock_held = excluded.lock_held,
              renewed_at = excluded.renewed_at, lease_until = excluded.lease_until, draining = excluded.draining,
              load = excluded.load, url = excluded.url
            returning n.lock_held, n.drain_asked,
              (select extract(epoch from lease) from settings) as lease,
              (select extract(epoch from renewal) from settings) as renewal,
              (select extract(epoch from probe_age) from settings) as probe_age,
              (select extract(epoch from reap_scan) from settings) as reap_scan
            """.formatted(HELD);

    /** On a connection in autocommit; the caller reads its monotonic clock before. */
    public Renewal renew(Connection connection, Beat beat) throws SQLException {
        Renewal renewal = write(connection, beat);
        return !renewal.lockHeld() && takeLock(connection, beat.lockKey()) ? write(connection, beat) : renewal;
    }

    private static Renewal write(Connection connection, Beat beat) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setString(1, beat.me().name());
            statement.setObject(2, beat.me().boot());
            statement.setLong(3, beat.lockKey());
            statement.setBoolean(4, beat.readiness() == Beat.Readiness.DRAINING);
            statement.setString(5, beat.loadJson());
            statement.setString(6, beat.url().orElse(null));
            try (ResultSet rs = statement.executeQuery()) {
                rs.next();
                return new Renewal(
                        new Cadence(
                                seconds(rs, "lease"),
                                seconds(rs, "renewal"),
                                seconds(rs, "probe_age"),
                                seconds(rs, "reap_scan")),
                        rs.getBoolean("lock_held"),
                        rs.getBoolean("drain_asked"));
            }
        }
    }

    private static boolean takeLock(Connection connection, long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            statement.setLong(1, key);
            try (ResultSet rs = statement.executeQuery()) {
                return rs.next() && rs.getBoolean(1);
            }
        }
    }

    /** A node that leaves politely: its lease ends with it. */
    public void end(Connection connection, Beat beat) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                update nodes set lease_until = clock_timestamp(), draining = true
                where node_id = ? and boot_id = ?""")) {
            statement.setString(1, beat.me().name());
            statement.setObject(2, beat.me().boot());
            statement.executeUpdate();
        }
    }

    private static Duration seconds(ResultSet rs, String column) throws SQLException {
        return Duration.ofNanos(rs.getBigDecimal(column).movePointRight(9).longValue());
    }
}
