package dev.continuo.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The chunks of a scripted answer. */
final class ScriptedText {
    private static final Pattern WORD = Pattern.compile("\\S*\\s+|\\S+");
    private static final String FRIENDLY = """
            Hello! I am the **scripted provider**: no language model, but the same protocol, so that you can see Continuo \
            work without a key.

            What you are watching is one *run*. Some node of the cluster claimed it, and every browser that looks at this \
            conversation sees the same words:

            1. Reload this page in the middle of the answer: it continues where it was.
            2. Open it in a second tab, or on another node: both stay in step.
            3. Kill the node that does the work: another one takes over.

            Any client can do that with one request:

            ```bash
            curl -N -H "Authorization: Bearer $KEY" \\
              -H "Last-Event-ID: $LAST" \\
              "$NODE/api/threads/$THREAD/attach"
            ```

            Try `slow:200x50` for a long answer, or `think:20 slow:50x40` for one that thinks first. To talk to a real model, \
            set `CONTINUO_OPENAI_BASE_URL`, `CONTINUO_OPENAI_API_KEY` and `CONTINUO_MODEL` and start again.
            """;

    private ScriptedText() {}

    static List<String> friendly() {
        return words(FRIENDLY.strip());
    }

    static List<String> words(String text) {
        return WORD.matcher(text).results().map(match -> match.group()).toList();
    }

    static List<String> chunks(Script script, int call) {
        int count = script.chunks().orElseThrow();
        int other = call > 1 ? script.divergeAt().orElse(Integer.MAX_VALUE) : Integer.MAX_VALUE;
        var chunks = new ArrayList<String>(count);
        for (int i = 1; i <= count; i++) {
            chunks.add(padded((i < other ? script.word() : other(script.word())) + "-" + i, script.size()));
        }
        return chunks;
    }

    private static String other(String word) {
        return word.equals("chunk") ? "other" : "other-" + word;
    }

    private static String padded(String word, int size) {
        return word.length() + 1 >= size ? word + " " : word + "-" + "x".repeat(size - word.length() - 2) + " ";
    }
}
