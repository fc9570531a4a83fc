package dev.continuo.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Certificates;
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Ports;
import dev.continuo.testkit.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may talk to the broker, and to which broker this node talks. */
class NatsTransportIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String PASSWORD = "changeit";

    private final Path folder = TempFolder.create("nats-transport");
    private final int port = Ports.free();

    private Child server(String more) throws IOException {
        var config = folder.resolve("nats.conf");
        Files.writeString(config, "listen: \"127.0.0.1:" + port + "\"\n" + more);
        var program = Child.executable("nats-server").orElseThrow().toString();
        var child =
                Child.start("nats-server", folder.resolve("nats.log"), Map.of(), List.of(program, "-c", config + ""));
        Await.until("it listens", SOON, () -> Ports.answers(port));
        return child;
    }

    private NatsConnections connect(String url, Path truststore) {
        return NatsConnections.to(new NatsSettings(
                url, Optional.empty(), Optional.ofNullable(truststore).map(Path::toString), Optional.of(PASSWORD)));
    }

    private Path certificate(String name, String san) throws Exception {
        return Certificates.in(folder, PASSWORD).make(name, san);
    }

    private String tls(String name) {
        return "tls { cert_file: \"%1$s.pem\", key_file: \"%1$s.key\" }\n".formatted(folder.resolve(name));
    }

    @Test
    void the_right_certificate_is_accepted_an_unknown_or_misnamed_one_is_not() throws Exception {
        var trustGood = certificate("good", "ip:127.0.0.1");
        var trustOther = certificate("other", "ip:127.0.0.1");
        var trustMisnamed = certificate("misnamed", "dns:elsewhere.test");
        var url = "tls://127.0.0.1:" + port;
        try (var _ = server(tls("good"));
                var good = connect(url, trustGood);
                var unknown = connect(url, trustOther)) {
            Await.until("the one that trusts it is connected", SOON, good::connected);
            Await.until(
                    "the other failed repeatedly", SOON, () -> unknown.state().failures() > 3);
            assertThat(unknown.connected()).isFalse();
        }
        try (var _ = server(tls("misnamed"));
                var misled = connect(url, trustMisnamed)) {
            Await.until("it failed repeatedly", SOON, () -> misled.state().failures() > 3);
            assertThat(misled.connected()).isFalse();
        }
    }

    @Test
    void a_wrong_password_is_tried_again_until_it_is_right_and_never_shown() throws Exception {
        var url = "nats://continuo:wrong-secret@127.0.0.1:" + port;
        try (var wrong = connect(url, null)) {
            try (var _ = server("authorization { user: continuo, password: right-secret }\n")) {
                Await.until(
                        "it was refused repeatedly", SOON, () -> wrong.state().failures() > 5);
                assertThat(wrong.connected()).isFalse();
                assertThat(wrong.state().lastError().orElseThrow()).doesNotContain("secret");
            }
            try (var _ = server("authorization { user: continuo, password: wrong-secret }\n")) {
                Await.until("it is let in", SOON, wrong::connected);
            }
        }
    }

    @Test
    void a_url_that_trusts_anybody_is_refused_at_start() {
        assertThatThrownBy(() -> new NatsSettings("opentls://127.0.0.1:4222"))
                .hasMessageContaining("use tls:// instead");
    }
}
