package dev.continuo.sql;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a failed statement says about the next try: the database is away, or cannot take a write now, and may take it later;
 * or it refuses what it was given, and always will. Everything else is our own mistake.
 */
public final class Outages {
    /** Connection, resources, operator, system error, read-only, lock timeout, deadlock and serialisation. */
    private static final List<String> AWAY = List.of("08", "53", "57", "58", "25006", "55P03", "40");

    /** Data that does not fit, and constraints. */
    private static final List<String> REFUSED = List.of("22", "23");

    /** Syntax, and names or rights that are not there. */
    private static final List<String> NOT_UNDERSTOOD = List.of("42");

    private Outages() {}

    public static boolean isOne(Throwable e) {
        return causes(e).anyMatch(Outages::isOutage);
    }

    /** Whether the same data will be refused the next time, too. */
    public static boolean isRefusal(Throwable e) {
        return hasState(e, REFUSED);
    }

    /**
     * Whether the same statement may be answered later: in an outage, and in whatever else a database says that is on its
     * way from one server to another (a password, a name that is not there yet), but never for what it refuses, nor for
     * what it does not understand.
     */
    public static boolean mayPass(Throwable e) {
        return isOne(e)
                || causes(e).anyMatch(SQLException.class::isInstance) && !isRefusal(e) && !hasState(e, NOT_UNDERSTOOD);
    }

    private static boolean hasState(Throwable e, List<String> states) {
        return causes(e)
                .filter(SQLException.class::isInstance)
                .map(cause -> ((SQLException) cause).getSQLState())
                .filter(Objects::nonNull)
                .findFirst()
                .filter(state -> states.stream().anyMatch(state::startsWith))
                .isPresent();
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }

    /** A driver or a pool that says no state has not asked the database. */
    private static boolean isOutage(Throwable e) {
        return switch (e) {
            case SQLTransientException _, SQLRecoverableException _, SQLNonTransientConnectionException _ -> true;
            case SQLException sql -> sql.getSQLState() == null || AWAY.stream().anyMatch(sql.getSQLState()::startsWith);
            case ConnectException _, InterruptedIOException _ -> true;
            case Throwable other -> isResourceOrTransaction(other);
        };
    }

    /** By name: the pool and the transaction manager throw types of packages that are not always visible here. */
    private static boolean isResourceOrTransaction(Throwable e) {
        var name = e.getClass().getName();
        return name.startsWith("jakarta.resource.")
                || name.startsWith("jakarta.transaction.")
                || name.endsWith("ConnectionWaitTimeoutException");
    }
}
