package dev.continuo.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whose tokens are taken, and which of them. */
@Singleton
class TokenSettings {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final Set<JWSAlgorithm> POSSIBLE = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final Optional<String> issuer;
    private final String audience;
    private final Optional<URI> keys;
    private final Set<JWSAlgorithm> algorithms;

    @Inject
    TokenSettings(
            @ConfigProperty(name = "continuo.jwt.issuer") Optional<String> issuer,
            @ConfigProperty(name = "continuo.jwt.audience") String audience,
            @ConfigProperty(name = "continuo.jwt.jwks-url") Optional<String> keys,
            @ConfigProperty(name = "continuo.jwt.algorithms") List<String> algorithms) {
        this.issuer = issuer;
        issuer.ifPresent(url -> checked("continuo.jwt.issuer", url));
        this.audience = audience;
        this.keys = keys.map(url -> checked("continuo.jwt.jwks-url", url));
        this.algorithms = algorithms.stream().map(TokenSettings::algorithm).collect(Collectors.toUnmodifiableSet());
    }

    Optional<String> issuer() {
        return issuer;
    }

    String audience() {
        return audience;
    }

    /** Where the keys are, where that need not be asked. */
    Optional<URI> keys() {
        return keys;
    }

    boolean allows(JWSAlgorithm algorithm) {
        return algorithms.contains(algorithm);
    }

    /** Keys that come over an open network are anybody's. */
    static URI checked(String property, String url) {
        var uri = URI.create(url);
        if ("https".equals(uri.getScheme()) && uri.getHost() != null
                || "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost())) {
            return uri;
        }
        throw new IllegalArgumentException(
                property + " must be an https:// address (http:// on this machine only), and is '" + url + "'");
    }

    private static JWSAlgorithm algorithm(String name) {
        var algorithm = JWSAlgorithm.parse(name.strip());
        if (!POSSIBLE.contains(algorithm)) {
            throw new IllegalArgumentException("continuo.jwt.algorithms has '" + name + "'; possible are "
                    + POSSIBLE.stream().map(JWSAlgorithm::getName).sorted().toList()
                    + ". Whoever can check a shared secret (HS256) could also forge with it.");
        }
        return algorithm;
    }
}
