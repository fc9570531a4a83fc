package dev.continuo.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/** What must happen before this JVM ends, latest first, and in one thread: servers end politely before they are killed. */
final class AtExit {
    private static final Deque<Runnable> ALL = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtExit::runAll, "at-exit"));
    }

    private AtExit() {}

    static synchronized void add(Runnable step) {
        ALL.push(step);
    }

    private static void runAll() {
        for (Runnable step = next(); step != null; step = next()) {
            try {
                step.run();
            } catch (RuntimeException e) {
                System.err.println("while ending: " + e.getMessage());
            }
        }
    }

    private static synchronized Runnable next() {
        return ALL.poll();
    }
}
