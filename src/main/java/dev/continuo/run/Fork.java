package dev.continuo.run;

/**
 * The wish to write on from {@code base} under a new epoch.
 *
 * @param voided the last idx that was sealed above the base
 */
public record Fork(Fence fence, String node, int base, Voided voided, Cause cause, String reason) {
    public enum Cause {
        /** A provider call failed: counts towards the limit of attempts. */
        FAILED_CALL,
        /** The model wrote something else, or the policy is to begin again: counts nothing. */
        OTHER_TEXT
    }
}
