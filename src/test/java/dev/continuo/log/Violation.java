package dev.continuo.log;

/** A schedule that broke a promise. */
final class Violation extends RuntimeException {
    Violation(String what) {
        super(what, null, false, false);
    }

    static void unless(boolean holds, String what) {
        if (!holds) {
            throw new Violation(what);
        }
    }
}
