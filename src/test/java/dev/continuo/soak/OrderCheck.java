package dev.continuo.soak;

import static dev.continuo.soak.Invariant.I3;
import static dev.continuo.soak.Invariant.I4;
import static dev.continuo.soak.Invariant.I5;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** I3 (one end), I4 and I5 over what a trigger saw of the runs. */
final class OrderCheck {
    private static final int EXCERPT = 6;

    private final Map<String, Long> endedTurn = new HashMap<>();
    private final Map<String, String> running = new HashMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> claimed = new HashSet<>();
    private final Map<String, Deque<Stored.Move>> recent = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private OrderCheck() {}

    static List<Violation> of(List<Stored.Move> moves) {
        var check = new OrderCheck();
        moves.forEach(check::move);
        return check.violations;
    }

    private void move(Stored.Move move) {
        Deque<Stored.Move> last = recent.computeIfAbsent(move.thread(), _ -> new ArrayDeque<>());
        last.add(move);
        if (last.size() > EXCERPT) {
            last.remove();
        }
        if (ended.contains(move.run())) {
            violation(I3, move, "changed after its end");
        }
        long epoch = epochs.getOrDefault(move.run(), 0L);
        if (move.epoch() < epoch || move.isClaim() && move.epoch() <= epoch) {
            violation(I5, move, "its epoch was " + epoch);
        }
        epochs.put(move.run(), Math.max(epoch, move.epoch()));
        if (move.isClaim()) {
            claim(move);
        } else if (!move.state().equals("RUNNING")) {
            running.remove(move.thread(), move.run());
        }
        if (move.isEnd()) {
            end(move);
        }
    }

    private void claim(Stored.Move move) {
        claimed.add(move.run());
        String other = running.put(move.thread(), move.run());
        if (other != null && !other.equals(move.run())) {
            violation(I4, move, "claimed while " + other + " of the same thread was running");
        }
        if (move.turn() <= endedTurn.getOrDefault(move.thread(), 0L)) {
            violation(I4, move, "claimed after a later turn had ended");
        }
    }

    private void end(Stored.Move move) {
        ended.add(move.run());
        if (claimed.contains(move.run())) {
            long before = endedTurn.getOrDefault(move.thread(), 0L);
            if (move.turn() <= before) {
                violation(I4, move, "ended after turn " + before);
            }
            endedTurn.put(move.thread(), Math.max(before, move.turn()));
        }
    }

    private void violation(Invariant invariant, Stored.Move move, String what) {
        violations.add(new Violation(
                invariant,
                move.run(),
                what,
                recent.get(move.thread()).stream().map(Stored.Move::toString).toList()));
    }
}
