package dev.continuo.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRulesTest {
    private final HostRules rules = new HostRules(
            List.of("localhost", "127.0.0.1", "[::1]"), Optional.of(List.of("https://console.example.com")));

    @ParameterizedTest(name = "Host {0}: {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                "localhost,true",
                "LOCALHOST:9080,true",
                "127.0.0.1:9081,true",
                "[::1]:9080,true",
                "[::1],true",
                "evil.test,false",
                "evil.test:9080,false",
                "localhost.evil.test,false",
                "-,false",
                "'',false",
                "::1,false",
            })
    void only_known_names_are_answered_to(String host, boolean answered) {
        assertThat(rules.answersTo(host)).isEqualTo(answered);
    }

    @ParameterizedTest(name = "Origin {0}: {1}")
    @CsvSource(
            nullValues = "-",
            value = {
                "-,true", "http://localhost:9080,true", "https://console.example.com,true",
                        "http://localhost:9081,false",
                "http://evil.test,false", "null,false", "http://localhost:9080.evil.test,false",
                        "https://localhost,false",
            })
    void only_our_own_pages_may_call(String origin, boolean allowed) {
        assertThat(rules.mayCall(origin, "localhost:9080")).isEqualTo(allowed);
    }

    @ParameterizedTest(name = "Origin {0} behind a proxy that ends TLS: {1}")
    @CsvSource({"https://chat.example.com,true", "http://chat.example.com,true", "https://chat.example.com:444,false"})
    void default_ports_are_understood(String origin, boolean allowed) {
        assertThat(rules.mayCall(origin, "chat.example.com")).isEqualTo(allowed);
    }
}
