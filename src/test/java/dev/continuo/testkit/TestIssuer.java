package dev.continuo.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID issuer on this machine: a discovery document, published keys, and tokens signed with them. */
public final class TestIssuer implements AutoCloseable {
    public static final String AUDIENCE = "continuo";

    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile RSAKey rsa = rsa("rsa-1", 2048);
    private volatile ECKey ec = ec("ec-1");
    private volatile List<JWK> published = List.of(rsa, ec);
    private volatile int status = 200;
    private volatile String name;

    private TestIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        name = url();
        answer(
                "/.well-known/openid-configuration",
                () -> "{\"issuer\":\"" + name + "\",\"jwks_uri\":\"" + url() + "/keys\"}");
        answer("/keys", () -> {
            asked.incrementAndGet();
            return new JWKSet(published).toString(true);
        });
        server.start();
    }

    public static TestIssuer start() {
        try {
            return new TestIssuer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often it was asked for its keys. */
    public int asked() {
        return asked.get();
    }

    /** From now on its keys cannot be had; with 200, they can again. */
    public void answers(int other) {
        status = other;
    }

    /** What it calls itself. */
    public void calledBy(String other) {
        name = other;
    }

    /** Signs with a new key, and publishes that one only. */
    public void rotate() {
        rsa = rsa("rsa-" + System.nanoTime(), 2048);
        published = List.of(rsa, ec);
    }

    public void publish(JWK... keys) {
        published = List.of(keys);
    }

    public RSAKey rsa() {
        return rsa;
    }

    public ECKey ec() {
        return ec;
    }

    /** Everything that a good token has, for a member. */
    public JWTClaimsSet.Builder claims(Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .audience(AUDIENCE)
                .subject("ann")
                .claim("organisation", "tokens")
                .claim("groups", List.of("continuo-member"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    public String sign(JWTClaimsSet.Builder claims) {
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(rsa.getKeyID())
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims,
                rsa);
    }

    public static String sign(JWSHeader header, JWTClaimsSet.Builder claims, JWK key) {
        try {
            return sign(
                    header,
                    claims,
                    key instanceof ECKey curve
                            ? new ECDSASigner(curve)
                            : new RSASSASigner(key.toRSAKey(), Set.of(AllowWeakRSAKey.getInstance())));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String sign(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer) {
        try {
            var token = new SignedJWT(header, claims.build());
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(String path, java.util.function.Supplier<String> body) {
        server.createContext(path, exchange -> {
            var bytes = body.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
