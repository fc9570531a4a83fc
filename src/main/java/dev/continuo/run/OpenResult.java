package dev.continuo.run;

/** Whether the epoch now exists for readers. */
public sealed interface OpenResult {
    /** It does, from {@code base} on; where a cancel is pending the run is to be finished without a provider call. */
    record Opened(int base, boolean cancelRequested) implements OpenResult {}

    /** The run belongs to somebody else, or to nobody. */
    record Lost() implements OpenResult {}
}
