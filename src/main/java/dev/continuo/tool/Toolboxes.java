package dev.continuo.tool;

import java.util.Optional;
import java.util.UUID;

/** Finds what an agent may call. */
public interface Toolboxes {
    /**
     * Reads what the agent may call, and asks no server yet. Where the database is away this throws as every reading does.
     *
     * @param agent empty where the message named none: then the agent {@code default}, if there is one
     */
    Closed of(UUID org, Optional<String> agent);

    /** A toolbox before its servers were asked. */
    interface Closed {
        /** @throws Unavailable where a server of the agent's tools does not answer; the run may be tried again later */
        Toolbox open() throws Unavailable, InterruptedException;
    }

    /** A tool server cannot be reached; the message is safe to show. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
