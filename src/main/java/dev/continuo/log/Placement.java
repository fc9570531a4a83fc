package dev.continuo.log;

/** Where a client's cursor stands in a run, as far as is known. */
public sealed interface Placement {
    /** Go on with idx + 1; nothing is to be said. */
    record After(int idx) implements Placement {}

    /** What the client has above {@code to} is void. */
    record RewindTo(int to, String reason) implements Placement {}

    /**
     * The epoch is the last one, and the idx above everything known: others may simply know more. Wait for records
     * above it; where the next look at PostgreSQL still ends below, rewind to what is known.
     */
    record Ahead(int idx) implements Placement {}

    /** The client has the terminal. */
    record Finished() implements Placement {}

    /** The segments are gone; the stored message replaces all that the client has. */
    record Replaced() implements Placement {}
}
