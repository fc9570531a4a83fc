package dev.continuo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevOptionsTest {
    private static final Map<String, String> OUTSIDE = Map.of("CONTINUO_NATS_URL", "nats://127.0.0.1:4222");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes 0        | --nodes takes a number from 1 to 9, not '0'.",
                "--nodes          | --nodes takes a number from 1 to 9, not ''.",
                "--port high      | --port takes a number from 1024 to 65000, not 'high'.",
                "--limits maybe   | --limits takes on or off, not 'maybe'.",
                "--colour blue    | unknown option --colour; bin/dev --help lists what there is."
            })
    void a_wrong_argument_is_one_sentence(String arguments, String sentence) {
        assertThatThrownBy(() -> DevOptions.parse(arguments.split(" "), OUTSIDE))
                .hasMessage(sentence);
    }

    @Test
    void a_wrong_variable_is_one_sentence() {
        assertThatThrownBy(() -> DevOptions.parse(new String[0], Map.of("CONTINUO_DB_URL", "localhost")))
                .hasMessageStartingWith("CONTINUO_DB_URL must start with jdbc:postgresql://");
        assertThatThrownBy(() -> DevOptions.parse(
                        new String[0], Map.of("CONTINUO_OPENAI_BASE_URL", "https://api.example.com/v1")))
                .hasMessageContaining("CONTINUO_MODEL must name a model");
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            DevOptions.parse(new String[] {"--port", Integer.toString(taken.getLocalPort())}, OUTSIDE))
                    .hasMessage("port " + taken.getLocalPort() + " is in use; choose another first port with --port.");
        }
    }

    @Test
    void what_the_environment_gives_is_not_started() {
        var plan = DevOptions.parse(new String[] {"--nodes", "2", "--port", "39080", "--limits", "off"}, OUTSIDE)
                .plan(java.nio.file.Path.of("x"));
        assertThat(plan.natsUrl()).hasValue("nats://127.0.0.1:4222");
        assertThat(plan.databaseUrl()).isEmpty();
        assertThat(plan.environment()).containsEntry("CONTINUO_LIMITS", "off").containsEntry("CONTINUO_TITLES", "off");
    }
}
