package dev.continuo.soak;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** As many onlookers at once as there is room for: where one leaves, another one comes. */
final class Audience {
    private final Stage stage;
    private final Recorder recorder;
    private final Random random;
    private final int seats;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<Violation> early = new CopyOnWriteArrayList<>();
    private int number;

    Audience(Stage stage, Recorder recorder, long seed, int seats) {
        this.stage = stage;
        this.recorder = recorder;
        this.random = new Random(seed * 31 + 11);
        this.seats = seats;
    }

    /** Until the stage closes and the last one has left. */
    void go() {
        while (stage.open()) {
            if (taken.get() < seats) {
                stage.any(random).ifPresent(this::seat);
            }
            Pause.millis(20_000 / seats);
        }
        while (taken.get() > 0) {
            Pause.millis(50);
        }
    }

    private void seat(Stage.Going going) {
        var onlooker =
                new Onlooker(stage, recorder, new Random(random.nextLong()), going, Onlooker.anyKind(random), ++number);
        most.accumulateAndGet(taken.incrementAndGet(), Math::max);
        Thread.ofVirtual().start(() -> {
            try {
                early.addAll(recorder.add(onlooker.watch()));
            } catch (RuntimeException e) {
                recorder.broke(e);
            } finally {
                taken.decrementAndGet();
            }
        });
    }

    int atOnce() {
        return most.get();
    }

    /** What is known to be wrong while it still goes on. */
    List<Violation> early() {
        return List.copyOf(early);
    }
}
