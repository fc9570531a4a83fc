package dev.continuo.soak;

import java.util.List;
import java.util.Optional;

/**
 * The database at the end, and what a trigger wrote down on the way. Times are milliseconds of the database's clock, which
 * is this machine's.
 *
 * @param moves every change of a run's state, epoch or claim, in the order in which they happened
 * @param late segments that were written under an epoch although a larger one had opened, or after the end
 */
record Stored(List<Run> runs, List<Sent> sent, List<Move> moves, List<Late> late) {
    Stored {
        runs = List.copyOf(runs);
        sent = List.copyOf(sent);
        moves = List.copyOf(moves);
        late = List.copyOf(late);
    }

    /** @param thread the client's id */
    record Run(
            String id,
            String thread,
            long turn,
            String state,
            long epoch,
            int attempt,
            int n,
            Optional<String> sha256,
            Optional<Long> finished,
            String prompt,
            List<Rec> log,
            List<Epoch> epochs,
            List<Answer> answers) {
        Run {
            log = List.copyOf(log);
            epochs = List.copyOf(epochs);
            answers = List.copyOf(answers);
        }

        boolean ended() {
            return finished.isPresent();
        }

        String text() {
            var text = new StringBuilder();
            log.forEach(record -> text.append(record.delta()));
            return text.toString();
        }

        /** The state as the API names it. */
        String shown() {
            return state.toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** @param delta what it adds to the text, mostly empty for what is no text */
    record Rec(int idx, long epoch, String chunk, String delta) {}

    record Epoch(long epoch, int base, String claim, String node, String reason, long at) {}

    record Answer(String id, String text, boolean complete) {}

    /** A user message. */
    record Sent(String key, String thread, String message, String run, String text) {}

    record Move(
            long at,
            String run,
            String thread,
            long turn,
            String was,
            String state,
            long oldEpoch,
            long epoch,
            String claim,
            String owner) {
        boolean isClaim() {
            return state.equals("RUNNING") && !was.equals("RUNNING");
        }

        boolean isEnd() {
            return List.of("COMPLETED", "FAILED", "CANCELLED").contains(state);
        }
    }

    record Late(String run, int first, long epoch, long opened, boolean afterTheEnd) {}
}
