package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.catalog.Choice;
import dev.continuo.model.PromptMessage;
import dev.continuo.run.Claim;
import dev.continuo.run.Outcome;
import dev.continuo.run.Truth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptAssemblyIT {
    private final Truth truth = Truth.fresh();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0  | SYSTEM House rules., SYSTEM Rhyme., USER hi, ASSISTANT one, USER hi, ASSISTANT two, USER hi
                    1  | SYSTEM House rules., SYSTEM Rhyme., USER hi
                    2  | SYSTEM House rules., SYSTEM Rhyme., USER hi
                    3  | SYSTEM House rules., SYSTEM Rhyme., USER hi, ASSISTANT two, USER hi
                    99 | SYSTEM House rules., SYSTEM Rhyme., USER hi, ASSISTANT one, USER hi, ASSISTANT two, USER hi
                    """)
    void an_agent_is_shown_its_instructions_and_the_last_messages_from_a_question_on(int history, String expected) {
        answered("one");
        answered("two");
        truth.send(truth.message("t", UUID.randomUUID().toString(), "hi"));
        var claim = truth.start(Truth.node("n"));

        assertThat(prompt(claim, history)).containsExactly(expected.split(", "));
        assertThat(prompt(claim, history)).as("the same again").containsExactly(expected.split(", "));
    }

    private void answered(String text) {
        truth.send(truth.message("t", UUID.randomUUID().toString(), "hi"));
        Claim claim = truth.start(Truth.node("n"));
        truth.flush(Truth.opening(claim, text));
        truth.finish(claim.fence(), Outcome.completed("stop", Optional.empty()));
    }

    private List<String> prompt(Claim claim, int history) {
        var choice = new Choice(
                Optional.of("Rhyme."),
                OptionalDouble.empty(),
                history == 0 ? OptionalInt.empty() : OptionalInt.of(history),
                new Choice.Where.Configured(Optional.empty()));
        var assembly = new PromptAssembly(truth.messages, (_, _) -> choice, Optional.of("House rules."));
        return assembly.of(claim).messages().stream()
                .map((PromptMessage m) -> m.role() + " " + m.text())
                .toList();
    }
}
