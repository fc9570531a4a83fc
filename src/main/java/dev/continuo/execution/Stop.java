package dev.continuo.execution;

/** Why an execution ends before its model did. Without a stack trace: it is a way out, not a fault. */
final class Stop extends RuntimeException {
    enum Cause {
        /** The row is somebody else's, or nobody's: nothing of this execution may be seen any more. */
        LOST,
        CANCELLED,
        /** PostgreSQL will never take what was appended. */
        REFUSED,
        /** This node leaves: what is committed goes on elsewhere. */
        HAND_OVER
    }

    private final Cause why;

    Stop(Cause why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    Cause why() {
        return why;
    }
}
