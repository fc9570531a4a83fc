package dev.continuo.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** One provider call of a model that likes to repeat itself: mostly the same words again, always in other pieces. */
final class SimCall {
    private final List<String> words;
    private final ArrayDeque<Chunk> left = new ArrayDeque<>();

    /** @param before what the run's last call said, or would have */
    SimCall(Random random, UUID run, Optional<List<String>> before) {
        words = before.map(w -> again(random, w)).orElseGet(() -> words(random, 6 + random.nextInt(18)));
        left.add(Chunks.start(run));
        left.add(Chunks.textStart("t"));
        var piece = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            piece.append(words.get(i));
            if (random.nextInt(3) > 0 || isTool(i)) {
                flush(piece);
            }
            if (isTool(i)) {
                left.add(Chunks.toolInputDelta("c", "x" + i));
            }
        }
        flush(piece);
        left.add(Chunks.textEnd("t"));
        left.add(Chunks.finishStep().withMeta("{\"final\":{}}".getBytes(StandardCharsets.UTF_8)));
    }

    List<String> words() {
        return words;
    }

    String text() {
        return String.join("", words);
    }

    Optional<Chunk> next() {
        return Optional.ofNullable(left.poll());
    }

    private void flush(StringBuilder piece) {
        while (!piece.isEmpty()) {
            int cut = Math.min(piece.length(), 1 + piece.length() / 2);
            left.add(Chunks.textDelta("t", piece.substring(0, cut)));
            piece.delete(0, cut);
        }
    }

    private static boolean isTool(int word) {
        return word % 9 == 5;
    }

    private static List<String> again(Random random, List<String> before) {
        if (random.nextInt(3) > 0) {
            return before;
        }
        int same = random.nextInt(before.size() + 1);
        var words = new ArrayList<>(before.subList(0, same));
        words.addAll(words(random, random.nextInt(12)));
        return words;
    }

    private static List<String> words(Random random, int count) {
        var words = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            words.add(random.nextInt(200) + " ");
        }
        return words;
    }
}
