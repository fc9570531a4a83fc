package dev.continuo.chat;

/**
 * One run as one client sees it, decided without I/O: which chunks it gets as they are, which in another form, and what
 * a rewind means to it. Whoever cannot be told of a rewind learns that its text is void.
 */
final class Projection {
    /** How a client reads. */
    enum Reader {
        /** Shows what comes, and resumes by reading everything again. */
        CHAT,
        /** Perhaps the one, perhaps the other: it has not said enough about itself. */
        UNKNOWN,
        /** Counts chunks and comes back by number, so that no chunk may be merged, and none taken back. */
        COUNTING
    }

    /** What becomes of a chunk. */
    sealed interface Show {
        record AsItIs() implements Show {}

        record Instead(byte[] chunk) implements Show {}

        record Nothing() implements Show {}
    }

    /** What becomes of a rewind. */
    sealed interface Turn {
        /** Nothing that the client shows is void. */
        record GoOn() implements Turn {}

        /** The client empties its current step; then everything after that record is said once more. */
        record ResetStep(int sayAgainAfter) implements Turn {}

        /** The client shows void text and cannot be told in a way it understands. */
        record Void() implements Turn {}
    }

    private static final Show AS_IT_IS = new Show.AsItIs();
    private static final Show NOTHING = new Show.Nothing();

    private final Reader reader;
    private final Declared declared;
    private final Shown shown = new Shown();
    private boolean hasStepAlready;

    Projection(Reader reader, Declared declared) {
        this.reader = reader;
        this.declared = declared;
    }

    Show show(int idx, byte[] chunk) {
        String type = ChunkType.of(chunk);
        shown.see(idx, type);
        if (hasStepAlready && type.equals("start-step")) {
            hasStepAlready = false;
            return NOTHING;
        }
        return declared.knows(type) ? AS_IT_IS : new Show.Instead(SaidChunks.standIn(type, chunk));
    }

    Turn rewound(int to) {
        if (reader == Reader.COUNTING) {
            return new Turn.Void();
        }
        if (!shown.hasPartAfter(to)) {
            hasStepAlready |= shown.stepStart() > to;
            return new Turn.GoOn();
        }
        if (!declared.knowsResetStep() || !shown.isWithinStep(to)) {
            return new Turn.Void();
        }
        shown.emptyStep();
        hasStepAlready = shown.stepStart() > to;
        return new Turn.ResetStep(Math.min(to, shown.stepStart()));
    }

    boolean started() {
        return shown.started();
    }

    /** The last chunk of the run has been shown. */
    boolean finished() {
        return shown.finished();
    }
}
