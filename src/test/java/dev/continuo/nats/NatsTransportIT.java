package dev.continuo.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.testkit.Await;
import dev.continuo.testkit.Child;
import dev.continuo.testkit.Ports;
import dev.continuo.testkit.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
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

    /** A self-signed certificate; the store serves as key store of the one and as trust store of the other side. */
    private Path certificate(String name, String san) throws Exception {
        var store = folder.resolve(name + ".p12");
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + san,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        assertThat(made.waitFor()).isZero();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
        Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key));
        var certificate = keys.getCertificate(name);
        Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(name, certificate);
        var truststore = folder.resolve(name + "-trust.p12");
        try (var out = Files.newOutputStream(truststore)) {
            trust.store(out, PASSWORD.toCharArray());
        }
        return truststore;
    }

    private static String pem(String what, byte[] der) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
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
