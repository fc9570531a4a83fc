package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The chart in the docs, the enum and the table's constraint name the same states. */
class StateMachineTest {
    private static final Set<String> STATES =
            Arrays.stream(RunState.values()).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));

    @Test
    void the_chart_has_every_state_and_no_other() throws IOException {
        var chart = Files.readString(Path.of("docs/state-machine.md"));
        var arrows = Pattern.compile("(\\w+|\\[\\*]) --> (\\w+|\\[\\*])").matcher(chart);
        var drawn = new TreeSet<String>();
        while (arrows.find()) {
            drawn.add(arrows.group(1));
            drawn.add(arrows.group(2));
        }
        drawn.remove("[*]");
        assertThat(drawn).isEqualTo(STATES);
    }

    @Test
    void exactly_the_terminal_states_lead_to_the_end() throws IOException {
        var chart = Files.readString(Path.of("docs/state-machine.md"));
        for (var state : RunState.values()) {
            assertThat(chart.contains(state + " --> [*]")).as(state.name()).isEqualTo(state.isTerminal());
        }
    }

    @Test
    void the_table_allows_every_state_and_no_other() throws IOException {
        var schema = Files.readString(Path.of("src/main/resources/db/migration/V1__schema.sql"));
        var check = Pattern.compile("check \\(state in \\(([^)]*)\\)").matcher(schema);
        assertThat(check.find()).isTrue();
        var allowed = Arrays.stream(check.group(1).split(","))
                .map(s -> s.strip().replace("'", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(allowed).isEqualTo(STATES);
    }

    @Test
    void the_chart_names_the_word_of_the_api_beside_each_state() throws IOException {
        var chart = Files.readString(Path.of("docs/state-machine.md"));
        for (var state : RunState.values()) {
            assertThat(chart).contains("| `%s` | `%s` |".formatted(state, state.apiName()));
        }
    }
}
