package dev.continuo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the image and the compose file promise, as their text says it: nothing here builds an image. */
class ImageTest {
    private final List<String> image;
    private final String compose = Files.readString(Path.of("compose.yaml"));

    ImageTest() throws IOException {
        image = Files.readString(Path.of("Dockerfile"))
                .replace("\\\n", " ")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private List<String> instructions(String name) {
        return image.stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    /** Of the image that is run, which is the last one. */
    private List<String> last() {
        int from = image.lastIndexOf(
                image.stream().filter(line -> line.startsWith("FROM ")).toList().getLast());
        return image.subList(from, image.size());
    }

    @Test
    void it_runs_as_nobody_special_and_says_whether_it_is_well() {
        assertThat(last().stream().filter(line -> line.startsWith("USER "))).containsExactly("USER 10001:10001");
        assertThat(last()).anyMatch(line -> line.startsWith("HEALTHCHECK "));
        assertThat(last()).contains("STOPSIGNAL SIGTERM").anyMatch(line -> line.startsWith("ENTRYPOINT ["));
    }

    @Test
    void it_is_made_of_named_versions_and_of_nothing_from_elsewhere() {
        assertThat(instructions("FROM")).isNotEmpty().allSatisfy(from -> {
            assertThat(from).matches("docker\\.io/\\S+:\\S*\\d\\S*( AS \\w+)?").doesNotContain(":latest");
        });
        assertThat(instructions("ADD")).isEmpty();
        assertThat(image).noneMatch(line -> line.matches("(?i).*\\b(curl|wget|sudo|apt-get|chmod 777)\\b.*"));
    }

    @Test
    void what_is_run_has_no_build_tools_and_no_secret() {
        assertThat(last().getFirst()).contains("-jre").doesNotContain("maven");
        assertThat(last()).noneMatch(line -> line.contains("mvn "));
        var said = String.join("\n", image).toLowerCase(Locale.ROOT);
        assertThat(said).doesNotContainPattern("(arg|env)[^\\n]*(password|api.key|secret.key|bootstrap.key)");
    }

    @Test
    void the_compose_file_takes_away_what_no_node_needs() {
        var node = compose.substring(compose.indexOf("x-node:"), compose.indexOf("services:"));
        assertThat(node)
                .contains("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "secrets: [continuo.db.url");
        assertThat(compose).doesNotContain("privileged: true", ":latest").doesNotContainPattern("(?m)PASSWORD: \\S");
    }
}
