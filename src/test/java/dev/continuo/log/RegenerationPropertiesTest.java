package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.Regeneration.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever the log says, whatever is said again, and however both are cut. */
class RegenerationPropertiesTest {
    /** Text of one kind. */
    record Part(Chunk.Delta.Kind kind, String text) {}

    @Provide
    Arbitrary<List<Part>> parts() {
        var kind = Arbitraries.of(Chunk.Delta.Kind.TEXT, Chunk.Delta.Kind.REASONING);
        var text = Arbitraries.of("a", "b", "\uD83D\uDE00", "\uD83D\uDE01", "\n")
                .list()
                .ofMaxSize(9);
        return Combinators.combine(kind, text.map(letters -> String.join("", letters)))
                .as(Part::new)
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.integers().between(1, 5).list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void the_log_becomes_what_is_said_now_and_keeps_every_record_that_still_holds(
            @ForAll("parts") List<Part> parts,
            @ForAll("sizes") List<Integer> logSizes,
            @ForAll @IntRange(max = 30) int dead,
            @ForAll("parts") List<Part> others,
            @ForAll @IntRange(max = 5) int common,
            @ForAll("sizes") List<Integer> saidSizes) {
        var whole = records(chunks(parts, logSizes));
        var log = whole.subList(0, Math.max(0, whole.size() - dead));
        var now = new ArrayList<>(parts.subList(0, Math.min(common, parts.size())));
        now.addAll(others);
        var said = chunks(now, saidSizes);

        var told = tell(log, said);

        var expected = records(said);
        assertThat(AnswerParts.fold(told.chain())).isEqualTo(AnswerParts.fold(expected));
        assertThat(letters(told.chain())).isEqualTo(letters(expected));
        assertThat(told.base()).isEqualTo(lastBoundaryBefore(log, letters(expected)));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void who_gives_up_anywhere_ends_with_what_is_said_now(
            @ForAll("parts") List<Part> parts,
            @ForAll("sizes") List<Integer> logSizes,
            @ForAll("sizes") List<Integer> saidSizes,
            @ForAll @IntRange(max = 20) int when) {
        var log = records(chunks(parts, logSizes));
        var said = chunks(parts, saidSizes);
        var regeneration = new Regeneration(log.subList(0, log.size() - 1));
        var chain = new Chain(log.subList(0, log.size() - 1));
        for (int i = 0; i < said.size(); i++) {
            chain.take(regeneration.next(said.get(i)));
            if (i == when && regeneration.inside()) {
                chain.take(regeneration.giveUp());
            }
        }
        assertThat(letters(chain.records)).isEqualTo(letters(records(said)));
    }

    /** @param base where it was forked, if it was */
    private record Told(List<LogRecord> chain, OptionalInt base) {}

    private static Told tell(List<LogRecord> log, List<Chunk> said) {
        var regeneration = new Regeneration(log);
        var chain = new Chain(log);
        said.forEach(chunk -> chain.take(regeneration.next(chunk)));
        return new Told(chain.records, chain.base);
    }

    private static final class Chain {
        private final List<LogRecord> records;
        private OptionalInt base = OptionalInt.empty();

        Chain(List<LogRecord> log) {
            records = new ArrayList<>(log);
        }

        void take(Next next) {
            switch (next) {
                case Next.Same() -> {}
                case Next.Beyond(Chunk chunk) -> add(chunk);
                case Next.Fork(int to, List<Chunk> chunks) -> {
                    assertThat(base).as("forked once").isEmpty();
                    base = OptionalInt.of(to);
                    records.subList(to, records.size()).clear();
                    chunks.forEach(this::add);
                }
            }
        }

        private void add(Chunk chunk) {
            records.add(new LogRecord(records.size() + 1, 2, chunk.json(), chunk.meta()));
        }
    }

    /** Counted letter by letter, with each chunk that is no text as one letter. */
    private static OptionalInt lastBoundaryBefore(List<LogRecord> log, List<String> now) {
        var before = letters(log);
        int same = 0;
        while (same < before.size() && same < now.size() && before.get(same).equals(now.get(same))) {
            same++;
        }
        if (same == before.size()) {
            return OptionalInt.empty();
        }
        int base = 0;
        while (letters(log.subList(0, base + 1)).size() <= same) {
            base++;
        }
        return OptionalInt.of(base);
    }

    private static List<String> letters(List<LogRecord> records) {
        var letters = new ArrayList<String>();
        for (var r : records) {
            var json = Regeneration.json(r.chunk());
            Chunk.Delta.of(json)
                    .ifPresentOrElse(
                            d -> d.text()
                                    .codePoints()
                                    .forEach(c -> letters.add(d.kind() + d.id() + Character.toString(c))),
                            () -> letters.add(json.toString()));
        }
        return letters;
    }

    private static List<Chunk> chunks(List<Part> parts, List<Integer> sizes) {
        var chunks = new ArrayList<Chunk>(List.of(Chunks.startStep()));
        int n = 0;
        for (var part : parts) {
            var id = (part.kind() == Chunk.Delta.Kind.TEXT ? "t" : "r") + ++n;
            chunks.add(part.kind() == Chunk.Delta.Kind.TEXT ? Chunks.textStart(id) : Chunks.reasoningStart(id));
            int[] points = part.text().codePoints().toArray();
            for (int at = 0; at < points.length; ) {
                int size = Math.min(sizes.get(chunks.size() % sizes.size()), points.length - at);
                chunks.add(new Chunk.Delta(part.kind(), id, new String(points, at, size)));
                at += size;
            }
            chunks.add(part.kind() == Chunk.Delta.Kind.TEXT ? Chunks.textEnd(id) : Chunks.reasoningEnd(id));
        }
        chunks.add(Chunks.finishStep());
        return chunks;
    }

    private static List<LogRecord> records(List<Chunk> chunks) {
        var records = new ArrayList<LogRecord>();
        chunks.forEach(c -> records.add(new LogRecord(records.size() + 1, 1, c.json(), c.meta())));
        return records;
    }
}
