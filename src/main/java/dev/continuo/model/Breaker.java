package dev.continuo.model;

import dev.continuo.node.Stopwatch;
import java.time.Duration;

/**
 * Leaves a provider alone that fails nearly always: after {@link #WINDOW} calls of which nine in ten failed nobody is let
 * through for {@link #PAUSE}, then one, whose outcome decides. MicroProfile's breaker belongs to a method, so all
 * providers would share one; this one belongs to a credential.
 */
final class Breaker {
    static final int WINDOW = 20;
    static final int TOO_MANY = 18;
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final Stopwatch stopwatch;
    private final boolean[] failed = new boolean[WINDOW];
    private int calls;
    private int failures;
    private boolean open;
    private boolean trying;
    private long since;

    Breaker(Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
    }

    /** Whether a call may be made now; whoever is let through says how it ended. */
    synchronized boolean admits() {
        if (!open) {
            return true;
        }
        if (stopwatch.since(since).compareTo(PAUSE) < 0) {
            return false;
        }
        trying = true;
        since = stopwatch.nanoTime();
        return true;
    }

    synchronized void succeeded() {
        if (open) {
            clear();
        }
        count(false);
    }

    synchronized void failed() {
        count(true);
        if (trying || calls >= WINDOW && failures >= TOO_MANY) {
            open = true;
            trying = false;
            since = stopwatch.nanoTime();
        }
    }

    private void count(boolean failure) {
        int place = calls++ % WINDOW;
        if (calls > WINDOW && failed[place]) {
            failures--;
        }
        failed[place] = failure;
        if (failure) {
            failures++;
        }
    }

    private void clear() {
        open = false;
        trying = false;
        calls = 0;
        failures = 0;
    }
}
