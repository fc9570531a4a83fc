package dev.continuo.sql;

import java.util.Collection;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;

/** A list of values as one parameter, so that a statement keeps its text, and its plan, whatever the number of values. */
public final class SqlArray {
    private SqlArray() {}

    public static Argument uuids(Collection<UUID> values) {
        return of("uuid", values.toArray());
    }

    public static Argument texts(Collection<String> values) {
        return of("text", values.toArray());
    }

    public static Argument ints(Collection<Integer> values) {
        return of("int4", values.toArray());
    }

    /** Elements may be null. */
    public static Argument longs(Collection<Long> values) {
        return of("int8", values.toArray());
    }

    public static Argument bytes(Collection<byte[]> values) {
        return of("bytea", values.toArray(byte[][]::new));
    }

    private static Argument of(String type, Object[] values) {
        return (position, statement, _) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }
}
