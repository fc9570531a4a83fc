package dev.continuo.testkit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Catches one transaction at its COMMIT, where its client cannot know whether it happened. */
public final class CommitTrap {
    /** What becomes of the COMMIT and of its answer. */
    public enum Then {
        /** The connection breaks before the server hears the COMMIT: nothing happened. */
        LOSE_THE_REQUEST,
        /** The transaction stays open, with all its locks, until {@link #release()} or the end of either side. */
        HOLD_THE_REQUEST,
        /** The connection breaks after the server committed: it happened, and the client does not know. */
        LOSE_THE_ANSWER,
        /** It happened, and the client waits for the answer until {@link #release()} or its own end. */
        HOLD_THE_ANSWER
    }

    private final String words;
    private final Then then;
    private final Runnable changed;
    private final CountDownLatch sprung = new CountDownLatch(1);
    private volatile boolean released;

    CommitTrap(String words, Then then, Runnable changed) {
        this.words = words;
        this.then = then;
        this.changed = changed;
    }

    boolean catches(List<String> transaction) {
        return transaction.stream().anyMatch(sql -> sql.contains(words));
    }

    boolean losesTheRequest() {
        return then == Then.LOSE_THE_REQUEST;
    }

    boolean holdsTheRequest() {
        return then == Then.HOLD_THE_REQUEST;
    }

    boolean cutsTheAnswer() {
        return then == Then.LOSE_THE_ANSWER;
    }

    boolean holds(FaultProxy.Way way) {
        Then here = way == FaultProxy.Way.TO_SERVER ? Then.HOLD_THE_REQUEST : Then.HOLD_THE_ANSWER;
        return then == here && hasSprung() && !released;
    }

    void sprung() {
        sprung.countDown();
    }

    public boolean hasSprung() {
        return sprung.getCount() == 0;
    }

    /** Returns once the request was lost or is held, or once the server has committed. */
    public void awaitSprung(Duration atMost) {
        try {
            if (!sprung.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no transaction with '" + words + "' came to its COMMIT");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a COMMIT", e);
        }
    }

    /** Lets go what is held. */
    public void release() {
        released = true;
        changed.run();
    }
}
