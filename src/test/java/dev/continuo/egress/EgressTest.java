package dev.continuo.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.continuo.egress.Egress.Resolver;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** Never asks DNS: numbers are themselves, names are what the test says. */
    private static Resolver names(Map<String, String> addresses) {
        return host -> {
            var number = addresses.getOrDefault(host, host);
            if (!number.matches("[0-9.]+|\\[?[0-9a-f:.]+]?")) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {InetAddress.getByName(number)};
        };
    }

    private static Egress strict(Map<String, String> names) {
        return new Egress(List.of(), CONNECT, names(names), EgressTest::tls);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.1.2.3",
                "127.255.255.255",
                "169.254.0.1",
                "169.254.169.254",
                "169.254.170.2",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "168.63.129.16",
                "[::]",
                "[::1]",
                "[::127.0.0.1]",
                "[::7f00:1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:a9fe:a9fe]",
                "[::ffff:127.0.0.1]",
                "[0:0:0:0:0:ffff:7f00:1]",
                "[::ffff:0:127.0.0.1]",
                "[64:ff9b::169.254.169.254]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b:1::1]",
                "[100::1]",
                "[2001::1]",
                "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
                "[2001:db8::1]",
                "[2002:7f00:1::]",
                "[2002:a9fe:a9fe::1]",
                "[3fff::1]",
                "[5f00::1]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[fd12:3456::1]",
                "[fe80::1]",
                "[fe80::a9fe:a9fe]",
                "[febf::1]",
                "[fec0::1]",
                "[ff02::1]",
                "[ff0e::1]",
                "[4000::1]",
                "[0200::1]"
            })
    void an_address_of_somebodys_inside_is_refused_by_number_and_behind_a_name(String number) {
        for (var host : List.of(number, "provider.test")) {
            var egress = strict(Map.of("provider.test", number));
            assertThatThrownBy(() -> egress.to(URI.create("https://" + host + "/v1/models")))
                    .isInstanceOfSatisfying(
                            Refused.class, e -> assertThat(e.code()).isEqualTo("address_refused"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.1.1",
                "223.255.255.255",
                "[2606:4700::1111]",
                "[2a00:1450:4001::1]"
            })
    void a_public_address_is_called_by_its_number_with_the_name_as_host(String number) throws Exception {
        var way = strict(Map.of("provider.test", number)).to(URI.create("https://provider.test/v1/models?a=b"));
        assertThat(way.host()).isEqualTo("provider.test");
        assertThat(way.uri().getHost())
                .isEqualTo(
                        InetAddress.getByName(number) instanceof java.net.Inet4Address
                                ? number
                                : "[" + InetAddress.getByName(number).getHostAddress() + "]");
        assertThat(way.uri().getRawPath() + "?" + way.uri().getRawQuery()).isEqualTo("/v1/models?a=b");
    }

    @Test
    void one_bad_address_among_several_is_enough() {
        var egress = new Egress(
                List.of(),
                CONNECT,
                _ -> new InetAddress[] {InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1")},
                EgressTest::tls);
        assertThatThrownBy(() -> egress.to(URI.create("https://provider.test"))).isInstanceOf(Refused.class);
    }

    @Test
    void without_encryption_only_allowed_hosts_are_called() throws Exception {
        assertThatThrownBy(() -> strict(Map.of()).checked("http://api.openai.com/v1"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("continuo.providers.allowed-hosts");
        var allowing = new Egress(
                List.of("vllm", "ollama:11434"), CONNECT, names(Map.of("vllm", "10.0.0.7")), EgressTest::tls);
        assertThat(allowing.to(URI.create("http://vllm:8000/v1")).uri())
                .isEqualTo(URI.create("http://10.0.0.7:8000/v1"));
        assertThat(allowing.checked("http://ollama:11434/v1").host()).isEqualTo("ollama");
        assertThatThrownBy(() -> allowing.checked("http://ollama:8080/v1")).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> allowing.checked("http://vllm.evil.test/v1")).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "0.0.0.0", "fe80::1", "fd00:ec2::254", "168.63.129.16", "ff02::1"})
    void an_allowed_host_is_still_no_way_to_a_metadata_service(String number) {
        var egress = new Egress(
                List.of("vllm"), CONNECT, _ -> new InetAddress[] {InetAddress.getByName(number)}, EgressTest::tls);
        assertThatThrownBy(() -> egress.to(URI.create("http://vllm/"))).isInstanceOf(Refused.class);
    }

    @Test
    void a_name_that_resolves_differently_the_second_time_gains_nothing() throws Exception {
        var asked = new AtomicInteger();
        var hit = new AtomicInteger();
        var inside = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        inside.createContext("/", exchange -> {
            hit.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
        });
        inside.start();
        try {
            var egress = new Egress(
                    List.of(),
                    Duration.ofMillis(200),
                    // First an address where nobody listens, which is as good as public here, then our own inside.
                    _ -> new InetAddress[] {asked.getAndIncrement() == 0 ? InetAddress.getByName("1.1.1.1") : LOOPBACK},
                    EgressTest::tls);
            var target =
                    URI.create("https://rebinding.test:" + inside.getAddress().getPort() + "/");
            var way = egress.to(target);
            assertThat(way.uri().getHost()).isEqualTo("1.1.1.1");
            assertThat(asked).hasValue(1);
            assertThatThrownBy(() -> egress.to(target)).isInstanceOf(Refused.class);
            assertThat(hit).hasValue(0);
        } finally {
            inside.stop(0);
        }
    }

    @Test
    void a_redirect_is_an_answer_and_not_a_way() throws Exception {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest/meta-data/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        try {
            var egress = new Egress(List.of("127.0.0.1"), CONNECT, names(Map.of()), EgressTest::tls);
            var way = egress.to(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
            var answer = way.client().send(way.request().build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(302);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void over_tls_the_certificate_must_name_the_host_although_the_address_is_called(@TempDir Path folder)
            throws Exception {
        var identity = new Identity(folder, "provider.test");
        var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        server.createContext("/", exchange -> {
            var host = exchange.getRequestHeaders().getFirst("Host").getBytes();
            exchange.sendResponseHeaders(200, host.length);
            exchange.getResponseBody().write(host);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            var egress = new Egress(
                    List.of("provider.test", "other.test"),
                    CONNECT,
                    names(Map.of("provider.test", "127.0.0.1", "other.test", "127.0.0.1")),
                    identity::context);
            var way = egress.to(URI.create("https://provider.test:" + port + "/"));
            assertThat(way.client()
                            .send(way.request().build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("provider.test:" + port);
            var other = egress.to(URI.create("https://other.test:" + port + "/"));
            assertThatThrownBy(() -> other.client().send(other.request().build(), BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** A key and a certificate for a name, in contexts that trust that certificate. */
    private record Identity(KeyStore store) {
        Identity(Path folder, String name) throws Exception {
            this(store(folder.resolve("identity.p12"), name));
        }

        private static KeyStore store(Path file, String name) throws Exception {
            var keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=dns:" + name,
                            "-storepass",
                            "changeit",
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(keytool.getInputStream().readAllBytes());
            assertThat(keytool.waitFor()).as(said).isZero();
            var store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, "changeit".toCharArray());
            }
            return store;
        }

        SSLContext context() {
            try {
                var trusted = KeyStore.getInstance("PKCS12");
                trusted.load(null, null);
                trusted.setCertificateEntry("a", store.getCertificate("a"));
                var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, "changeit".toCharArray());
                var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(trusted);
                var context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
                return context;
            } catch (java.security.GeneralSecurityException | java.io.IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
