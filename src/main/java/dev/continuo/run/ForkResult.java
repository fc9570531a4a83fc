package dev.continuo.run;

/** Whether the run goes on under a new epoch. */
public sealed interface ForkResult {
    record Forked(Fence next, int attempt, boolean cancelRequested) implements ForkResult {}

    record Lost() implements ForkResult {}
}
