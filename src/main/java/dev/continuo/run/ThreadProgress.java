package dev.continuo.run;

import dev.continuo.log.Cursor;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How far a thread is.
 *
 * @param seat the run that is READY, RUNNING or PAUSED
 * @param last the finished run of the highest turn among those that were ever claimed
 * @param waiting the runs behind the seat, in order
 * @param nextTurn grows with every accepted message
 * @param edits grows with every change of a waiting message
 */
public record ThreadProgress(
        UUID thread, Optional<Seat> seat, Optional<Last> last, List<UUID> waiting, long nextTurn, int edits) {
    public ThreadProgress {
        waiting = List.copyOf(waiting);
    }

    public record Seat(UUID run, long turn, RunState state) {}

    public record Last(UUID run, long turn, long epoch) {
        /** The thread's cursor "now" where nothing is in flight. */
        public Cursor end() {
            return Cursor.end(run, epoch);
        }
    }
}
