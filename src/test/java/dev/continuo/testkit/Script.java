package dev.continuo.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the last user message asks of the {@link ScriptedProvider}. Hints combine: {@code slow:200x50 ttft:300 diverge:40}.
 * <ul>
 *   <li>{@code slow:NxMS} N chunks, MS milliseconds apart; {@code many:N} N chunks at once; {@code size:B} bytes per chunk;
 *       {@code stamp} makes them {@code SEQ@NANOS}, the time in nanoseconds since 1970 at which each was written
 *   <li>{@code ttft:MS} a pause before the first byte; {@code think:N} N reasoning deltas first
 *   <li>{@code fail:CODE}, {@code cut:N} (reset after N chunks), {@code eof:N} (clean end after N chunks, without a finish
 *       reason), {@code hang:N} (silence after N chunks): each also with {@code xM} at its end for the first M calls only;
 *       before calls of tools they strike at chunk 0
 *   <li>{@code diverge:K} other text from chunk K on, from the second call on
 *   <li>{@code word:W} chunks are {@code W-1 W-2 …} instead of {@code chunk-1 chunk-2 …}
 *   <li>{@code say:TEXT} that text (to the end of the message); {@code tool:NAME JSON} a call of that tool
 *   <li>{@code FIRST then SECOND then …} the next script each time the model is told of results; {@code forever}, the last
 *       one's tools again and again
 * </ul>
 */
record Script(
        OptionalInt chunks,
        Duration pace,
        int size,
        boolean stamped,
        Duration firstByte,
        int thoughts,
        Optional<Fault> fault,
        OptionalInt divergeAt,
        String word,
        Optional<String> say,
        List<ToolCall> tools) {

    /** A fault at a chunk, or of a status code, in the first calls. */
    record Fault(Kind kind, int value, int calls) {
        boolean strikes(int call) {
            return call <= calls;
        }
    }

    enum Kind {
        FAIL,
        CUT,
        EOF,
        HANG
    }

    record ToolCall(String name, String arguments) {}

    private static final Pattern SLOW = Pattern.compile("\\bslow:(\\d+)x(\\d+)");
    private static final Pattern MANY = Pattern.compile("\\bmany:(\\d+)");
    private static final Pattern SIZE = Pattern.compile("\\bsize:(\\d+)");
    private static final Pattern STAMP = Pattern.compile("\\bstamp\\b");
    private static final Pattern TTFT = Pattern.compile("\\bttft:(\\d+)");
    private static final Pattern THINK = Pattern.compile("\\bthink:(\\d+)");
    private static final Pattern DIVERGE = Pattern.compile("\\bdiverge:(\\d+)");
    private static final Pattern WORD = Pattern.compile("\\bword:([A-Za-z0-9]+)");
    private static final Pattern FAULT = Pattern.compile("\\b(fail|cut|eof|hang):(\\d+)(?:x(\\d+))?");
    private static final Pattern SAY = Pattern.compile("\\bsay:(.*)", Pattern.DOTALL);
    private static final Pattern TOOL = Pattern.compile("\\btool:([A-Za-z0-9_-]+)\\s*");
    private static final int CHUNKS_OF_A_FAULT = 10;

    static Script of(String message) {
        Optional<String> say = text(SAY, message);
        String hints = say.map(text -> message.substring(0, message.length() - text.length()))
                .orElse(message);
        Matcher slow = SLOW.matcher(hints);
        boolean slowed = slow.find();
        Optional<Fault> fault = fault(hints);
        OptionalInt many = number(MANY, hints);
        OptionalInt chunks = slowed ? OptionalInt.of(Integer.parseInt(slow.group(1))) : many;
        if (chunks.isEmpty()
                && say.isEmpty()
                && (fault.isPresent() || number(DIVERGE, hints).isPresent())) {
            chunks = OptionalInt.of(
                    Math.max(CHUNKS_OF_A_FAULT, number(DIVERGE, hints).orElse(0) + 1));
        }
        if (chunks.isEmpty() && say.isEmpty() && steers(hints)) {
            chunks = OptionalInt.of(CHUNKS_OF_A_FAULT);
        }
        return new Script(
                chunks,
                Duration.ofMillis(slowed ? Integer.parseInt(slow.group(2)) : 0),
                number(SIZE, hints).orElse(0),
                STAMP.matcher(hints).find(),
                Duration.ofMillis(number(TTFT, hints).orElse(0)),
                number(THINK, hints).orElse(0),
                fault,
                number(DIVERGE, hints),
                text(WORD, hints).orElse("chunk"),
                say,
                ToolCalls.in(hints, TOOL));
    }

    private static boolean steers(String hints) {
        return SIZE.matcher(hints).find()
                || TTFT.matcher(hints).find()
                || THINK.matcher(hints).find();
    }

    private static Optional<Fault> fault(String hints) {
        Matcher found = FAULT.matcher(hints);
        if (!found.find()) {
            return Optional.empty();
        }
        int calls = found.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(found.group(3));
        return Optional.of(new Fault(
                Kind.valueOf(found.group(1).toUpperCase(Locale.ROOT)), Integer.parseInt(found.group(2)), calls));
    }

    private static OptionalInt number(Pattern pattern, String hints) {
        Matcher found = pattern.matcher(hints);
        return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
    }

    private static Optional<String> text(Pattern pattern, String message) {
        Matcher found = pattern.matcher(message);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
