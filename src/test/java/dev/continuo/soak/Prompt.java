package dev.continuo.soak;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message that steers the scripted provider. Most runs are long against the lease of 6 s: with short ones a system
 * without any fence looks healthy.
 *
 * @param word of which the answer's text consists: the letter of the organisation and a number of its own
 */
record Prompt(String text, String word, int chunks) {
    private static final Pattern LAST_WORD = Pattern.compile("(w[AB]\\d+)-(\\d+) $");

    static Prompt draw(Random random, String org, int number) {
        String word = "w" + org + number;
        int dice = random.nextInt(100);
        int chunks;
        String hints;
        if (dice < 8) {
            chunks = 1 + random.nextInt(60);
            hints = "many:" + chunks;
        } else {
            int pace = 60 + random.nextInt(190);
            int length = dice < 25 ? 2_000 + random.nextInt(4_000) : 6_000 + random.nextInt(16_000);
            chunks = Math.max(8, length / pace);
            hints = "slow:" + chunks + "x" + pace + more(random, dice, chunks);
        }
        return new Prompt(hints + " word:" + word + " # " + number, word, chunks);
    }

    private static String more(Random random, int dice, int chunks) {
        int some = 1 + random.nextInt(chunks - 1);
        return switch (dice) {
            case 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42 -> " diverge:" + (some + 1);
            case 43, 44, 45, 46 -> " cut:" + some + "x1";
            case 47, 48 -> " eof:" + some + "x1";
            case 49, 50 -> " hang:" + some + "x1";
            case 51 -> " cut:" + some;
            case 52 -> " eof:" + some;
            case 53, 54 -> " fail:429x1";
            case 55, 56 -> " fail:500x2";
            case 57 -> " fail:400";
            case 58, 59, 60 -> " think:" + (1 + random.nextInt(12));
            case 61, 62 -> " ttft:" + (500 + random.nextInt(3_000));
            case 63, 64 -> " cut:" + some + "x1 diverge:" + (1 + random.nextInt(chunks));
            default -> "";
        };
    }

    /** The number of the last chunk that a delta completes, and whose it is. */
    record Told(String word, int chunk) {
        static java.util.Optional<Told> lastOf(String delta) {
            Matcher found = LAST_WORD.matcher(delta);
            return found.find()
                    ? java.util.Optional.of(new Told(found.group(1), Integer.parseInt(found.group(2))))
                    : java.util.Optional.empty();
        }
    }
}
