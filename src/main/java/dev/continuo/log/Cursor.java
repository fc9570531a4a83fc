package dev.continuo.log;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A position in a run's log as clients hold it: {@code <run>.<epoch>.<idx>} or {@code <run>.<epoch>.end}. The epoch is
 * the one that wrote the record at idx, so the same record has the same cursor for every watcher on every node.
 */
public record Cursor(UUID run, long epoch, int idx) {
    /** The idx of a cursor that already has the run's terminal. */
    public static final int END = Integer.MAX_VALUE;

    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\\.([0-9]{1,15})\\.([0-9]{1,9}|end)");

    public Cursor {
        Objects.requireNonNull(run);
        if (epoch < 0 || idx < 0) {
            throw new IllegalArgumentException("epoch and idx of a cursor are never negative: " + epoch + ", " + idx);
        }
    }

    public static Cursor end(UUID run, long epoch) {
        return new Cursor(run, epoch, END);
    }

    /** Empty where the text is not a cursor of ours. */
    public static Optional<Cursor> parse(String text) {
        var m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        int idx = m.group(3).equals("end") ? END : Integer.parseInt(m.group(3));
        return Optional.of(new Cursor(UUID.fromString(m.group(1)), Long.parseLong(m.group(2)), idx));
    }

    public boolean isEnd() {
        return idx == END;
    }

    @Override
    public String toString() {
        return run + "." + epoch + "." + (isEnd() ? "end" : idx);
    }
}
