package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {
    @Test
    void an_organisation_adds_words_behind_the_operators() {
        var commands = Commands.of("files=/usr/bin/mcp-files --root /srv", " clock ", "");
        assertThat(commands.names()).containsExactly("clock", "files");
        assertThat(commands.line("files", List.of("a b", "--root=/")))
                .hasValue(List.of("/usr/bin/mcp-files", "--root", "/srv", "a b", "--root=/"));
        assertThat(commands.line("clock", List.of())).hasValue(List.of("clock"));
        assertThat(commands.line("/usr/bin/mcp-files", List.of())).isEmpty();
        assertThat(commands.line("sh", List.of("-c", "id"))).isEmpty();
    }

    @Test
    void a_wrong_entry_fails_at_start() {
        assertThatThrownBy(() -> Commands.of("a b=/x")).hasMessageContaining("this is none: a b=/x");
        assertThatThrownBy(() -> Commands.of("files=")).hasMessageContaining("this is none");
        assertThatThrownBy(() -> Commands.of("../sh")).hasMessageContaining("this is none");
    }
}
