package dev.continuo.execution;

import dev.continuo.model.Continuation;
import dev.continuo.model.ModelException;
import java.time.Duration;
import java.util.Optional;

/**
 * What a failed provider call leads to. A refusal for want of capacity before anything was received is waited out and
 * costs no attempt; every other failure that a second call might mend costs one; the rest is final.
 */
final class FailurePolicy {
    static final int ATTEMPTS = 3;
    static final int TRIES = 10;
    static final Duration TRYING = Duration.ofMinutes(15);
    static final Duration SHORTEST_WITHOUT_ROOM = Duration.ofSeconds(6);
    static final Duration LONGEST_WITHOUT_ROOM = Duration.ofMinutes(1);

    private final BackOff backOff;

    FailurePolicy(BackOff backOff) {
        this.backOff = backOff;
    }

    /** What happens next. */
    sealed interface Decision {
        /** Give the run back for so long; its place in the thread stays. */
        record Wait(Duration delay) implements Decision {}

        /** A new epoch and another call, here and now. */
        record CallAgain() implements Decision {}

        /** The run fails with this code; what it has said so far is kept as partial. */
        record Fail(String code) implements Decision {}
    }

    /**
     * @param attempt the attempt that failed, 1..
     * @param tries how often the run has been given back to wait in this step
     * @param trying since the first time
     */
    Decision decide(ModelException failure, int attempt, int tries, Duration trying) {
        return switch (failure.kind()) {
            case REJECTED, TOO_LONG -> new Decision.Fail(failure.code());
            case RATE_LIMITED, UNAVAILABLE ->
                failure.afterFirstToken() ? again(attempt) : waitOut(failure, tries, trying);
            case NO_FIRST_BYTE, STALLED, RESET, NO_FINISH_REASON, MALFORMED -> again(attempt);
            case ABORTED -> throw new IllegalArgumentException("an aborted call did not fail", failure);
        };
    }

    /** Who refuses to go on by {@code way} may still answer the question itself. */
    Decision decide(ModelException failure, Optional<Continuation> way, int attempt, int tries, Duration trying) {
        return switch (decide(failure, attempt, tries, trying)) {
            case Decision.Fail _ when way.isPresent() -> again(attempt);
            case Decision other -> other;
        };
    }

    /** A server of the agent's tools does not answer. */
    Decision withoutTools(int tries, Duration trying) {
        return waitOut("tools_unavailable", Optional.empty(), tries, trying);
    }

    /**
     * The files of its prompt have no room in this node's memory, now for so long. A pause grows with what was waited
     * already, for each return is an epoch; together they last as long as those for a busy provider.
     */
    Decision withoutRoom(Duration trying) {
        var delay = backOff.jittered(clamp(trying.dividedBy(4)));
        return trying.plus(delay).compareTo(TRYING) > 0 ? new Decision.Fail("no_room") : new Decision.Wait(delay);
    }

    private static Duration clamp(Duration pause) {
        if (pause.compareTo(SHORTEST_WITHOUT_ROOM) < 0) {
            return SHORTEST_WITHOUT_ROOM;
        }
        return pause.compareTo(LONGEST_WITHOUT_ROOM) > 0 ? LONGEST_WITHOUT_ROOM : pause;
    }

    private Decision waitOut(ModelException failure, int tries, Duration trying) {
        return waitOut(failure.code(), failure.retryAfter(), tries, trying);
    }

    private Decision waitOut(String code, Optional<Duration> asked, int tries, Duration trying) {
        var delay = backOff.delay(tries, asked);
        if (tries + 1 >= TRIES || trying.plus(delay).compareTo(TRYING) > 0) {
            return new Decision.Fail(code);
        }
        return new Decision.Wait(delay);
    }

    private static Decision again(int attempt) {
        return attempt >= ATTEMPTS ? new Decision.Fail("attempts_exhausted") : new Decision.CallAgain();
    }
}
