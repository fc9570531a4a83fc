package dev.continuo.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.json.Mappers;
import dev.continuo.log.Chunk.Delta;
import dev.continuo.log.Chunk.Whole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Holds what a model says when it is asked again against what the log says already. Both are one text cut in different
 * places, so they are compared by position in the text and never chunk by chunk. As long as both say the same, nothing
 * is to be written; from the log's end on, everything is; at a difference the log is left at the last record that lies
 * wholly before it, and the next record begins with what still holds of the one that was cut.
 *
 * <p>Text must be clean, see {@link Sanitize}: no chunk begins or ends inside a character.
 */
public final class Regeneration {
    private static final ObjectMapper MAPPER = Mappers.plain();
    private static final Next SAME = new Next.Same();

    private final List<LogRecord> log;
    private final CallIds callIds = new CallIds();
    private int at;
    private JsonNode logged;
    private Optional<Delta> piece = Optional.empty();
    private int matched;

    /** What becomes of a chunk. */
    public sealed interface Next {
        /** The log has it. */
        record Same() implements Next {}

        /** This comes after the log's end. */
        record Beyond(Chunk chunk) implements Next {}

        /** Another text: the log holds up to {@code base}, and these come after it. */
        record Fork(int base, List<Chunk> chunks) implements Next {
            public Fork {
                chunks = List.copyOf(chunks);
            }
        }
    }

    /** @param log the records of the step that is asked for again, from its first one on; may be empty */
    public Regeneration(List<LogRecord> log) {
        this.log = List.copyOf(log);
        goTo(0);
    }

    /** Whether the log still says more than the model has said again. */
    public boolean inside() {
        return at < log.size();
    }

    public Next next(Chunk chunk) {
        var named = callIds.asLogged(chunk);
        if (!inside()) {
            return new Next.Beyond(named);
        }
        return switch (named) {
            case Delta delta -> compare(delta);
            case Whole whole -> compare(whole);
        };
    }

    /**
     * Stops comparing, and leaves what was not said again by now.
     *
     * @throws IllegalStateException where nothing of the log is left to be said
     */
    public Next.Fork giveUp() {
        return fork(kept().map(List::<Chunk>of).orElse(List.of()));
    }

    private Next compare(Delta said) {
        String text = said.text();
        int from = 0;
        while (from < text.length() && inside()) {
            if (piece.filter(said::continues).isEmpty()) {
                return differs(rest(said, from));
            }
            String written = piece.get().text();
            while (from < text.length() && matched < written.length() && text.charAt(from) == written.charAt(matched)) {
                from++;
                matched++;
            }
            if (matched == written.length()) {
                goTo(at + 1);
            } else if (from < text.length()) {
                return differs(rest(said, from));
            }
        }
        return from == text.length() ? SAME : new Next.Beyond(rest(said, from));
    }

    private Next compare(Whole said) {
        if (matched > 0 || !callIds.areSame(logged, json(said.json()))) {
            return differs(said);
        }
        goTo(at + 1);
        return SAME;
    }

    private Next.Fork differs(Chunk said) {
        var kept = kept();
        if (kept.isPresent() && said instanceof Delta more && more.continues(kept.get())) {
            return fork(List.of(more.withText(kept.get().text() + more.text())));
        }
        return fork(kept.map(k -> List.of(k, said)).orElseGet(() -> List.of(said)));
    }

    private Next.Fork fork(List<Chunk> chunks) {
        if (!inside()) {
            throw new IllegalStateException("all of the log was said again");
        }
        int base = log.get(at).idx() - 1;
        at = log.size();
        return new Next.Fork(base, chunks);
    }

    /** What was said again of the record that is cut. */
    private Optional<Delta> kept() {
        return piece.filter(_ -> matched > 0).map(p -> p.withText(p.text().substring(0, matched)));
    }

    /** That record is the next to be said, or the first after it that says anything. */
    private void goTo(int next) {
        at = next;
        matched = 0;
        piece = Optional.empty();
        while (inside()) {
            logged = json(log.get(at).chunk());
            piece = Delta.of(logged);
            if (piece.filter(p -> p.text().isEmpty()).isEmpty()) {
                return;
            }
            at++;
        }
    }

    private static Delta rest(Delta said, int from) {
        return from == 0 ? said : said.withText(said.text().substring(from));
    }

    static JsonNode json(byte[] chunk) {
        try {
            return MAPPER.readTree(chunk);
        } catch (IOException e) {
            throw new UncheckedIOException("a chunk is our own JSON", e);
        }
    }
}
