package dev.continuo.api;

import dev.continuo.run.RunState;
import java.util.Arrays;
import java.util.List;

/** The words for a run's state that a query may ask for. */
final class RunStates {
    private static final List<String> WORDS =
            Arrays.stream(RunState.values()).map(RunState::apiName).distinct().toList();

    private RunStates() {}

    static String checked(String word) {
        if (!WORDS.contains(word)) {
            throw Refusals.badValue("state", "The state is one of " + String.join(", ", WORDS) + ".");
        }
        return word;
    }
}
