package dev.continuo.web;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;

/** Whether a failure means that the database is away or cannot take a write now, and not that we are wrong. */
final class Outages {
    /** Connection, resources, operator, system error, read-only, lock timeout, deadlock and serialisation. */
    private static final List<String> STATES = List.of("08", "53", "57", "58", "25006", "55P03", "40");

    private Outages() {}

    static boolean isOne(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (isOutage(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOutage(Throwable e) {
        return switch (e) {
            case SQLTransientException _, SQLRecoverableException _, SQLNonTransientConnectionException _ -> true;
            case SQLException sql
            when sql.getSQLState() != null -> STATES.stream().anyMatch(sql.getSQLState()::startsWith);
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
