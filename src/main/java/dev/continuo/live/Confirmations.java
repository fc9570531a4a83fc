package dev.continuo.live;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks the broker whether it has everything that was sent so far, one question at a time: whoever comes while one is on
 * its way shares the next, and its failure. Two hundred tails that begin at once need two questions, and not two hundred,
 * at which the client library takes the connection for dead ({@code maxPingsOut}).
 */
final class Confirmations {
    /** Returns once the broker has answered; a PING and its PONG. */
    interface Question {
        /** @throws IOException where no answer came */
        void ask() throws IOException, InterruptedException;
    }

    private final Question question;
    private final ReentrantLock asking = new ReentrantLock(true);
    private final AtomicLong begun = new AtomicLong();
    private long answered;
    private IOException failure;

    Confirmations(Question question) {
        this.question = question;
    }

    /**
     * Returns once the broker has everything that was sent before this call.
     *
     * @throws IOException where nobody knows
     */
    void confirm() throws IOException, InterruptedException {
        long before = begun.get();
        asking.lockInterruptibly();
        try {
            if (answered <= before) {
                askAgain();
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            asking.unlock();
        }
    }

    int waiting() {
        return asking.getQueueLength();
    }

    private void askAgain() throws InterruptedException {
        long number = begun.incrementAndGet();
        failure = null;
        try {
            question.ask();
        } catch (IOException e) {
            failure = e;
        }
        answered = number;
    }
}
