package dev.continuo.chat;

/**
 * What a client's message consists of by now, as far as a rewind must know: up to which record it has parts, and where
 * its current step begins.
 */
final class Shown {
    private int lastPart;
    private int stepStart;
    private int lastPartBeforeStep;
    private boolean started;
    private boolean finished;

    void see(int idx, String type) {
        switch (type) {
            case "start" -> started = true;
            case "start-step" -> {
                stepStart = idx;
                lastPartBeforeStep = lastPart;
            }
            case "finish" -> finished = true;
            default -> {
                if (ChunkType.makesPart(type)) {
                    lastPart = Math.max(lastPart, idx);
                }
            }
        }
    }

    boolean started() {
        return started;
    }

    boolean finished() {
        return finished;
    }

    int stepStart() {
        return stepStart;
    }

    /** Something after that record is on the screen. */
    boolean hasPartAfter(int idx) {
        return lastPart > idx;
    }

    /** Emptying the current step takes away all that stands after that record. */
    boolean isWithinStep(int idx) {
        return stepStart > 0 && idx >= lastPartBeforeStep;
    }

    /** The client has emptied its current step. */
    void emptyStep() {
        lastPart = lastPartBeforeStep;
    }
}
