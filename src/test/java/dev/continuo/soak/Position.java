package dev.continuo.soak;

import java.util.Optional;
import java.util.regex.Pattern;

/** {@code <run>.<epoch>.<idx>} or {@code <run>.<epoch>.end}, as clients hold it. */
record Position(String run, long epoch, int idx) {
    static final int END = Integer.MAX_VALUE;
    private static final Pattern FORM = Pattern.compile("([0-9a-f-]{36})\\.(\\d{1,15})\\.(\\d{1,9}|end)");

    static Optional<Position> parse(String text) {
        var m = FORM.matcher(text);
        return m.matches()
                ? Optional.of(new Position(
                        m.group(1),
                        Long.parseLong(m.group(2)),
                        m.group(3).equals("end") ? END : Integer.parseInt(m.group(3))))
                : Optional.empty();
    }
}
