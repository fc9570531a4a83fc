package dev.continuo.soak;

/** A fault that was done: what, to whom, from when until when (milliseconds of the wall clock). */
record Injected(FaultKind kind, String target, long from, long until) {
    boolean covers(long moment) {
        return from <= moment && moment <= until;
    }
}
