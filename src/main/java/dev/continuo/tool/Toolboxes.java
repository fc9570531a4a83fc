package dev.continuo.tool;

import java.util.Optional;
import java.util.UUID;

/** Finds what an agent may call. */
public interface Toolboxes {
    /**
     * @param agent empty where the message named none: then the agent {@code default}, if there is one
     * @throws Unavailable where a server of the agent's tools does not answer; the run may be tried again later
     */
    Toolbox open(UUID org, Optional<String> agent) throws Unavailable, InterruptedException;

    /** A tool server cannot be reached; the message is safe to show. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
