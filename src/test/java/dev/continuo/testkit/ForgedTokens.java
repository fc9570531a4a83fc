package dev.continuo.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens that an issuer never made for us, by what is wrong with each. */
public final class ForgedTokens {
    private ForgedTokens() {}

    public static Map<String, String> of(TestIssuer issuer, Instant now) {
        var all = new LinkedHashMap<String, String>();
        var good = issuer.sign(issuer.claims(now));
        var parts = good.split("\\.");
        var stranger = TestIssuer.rsa(issuer.rsa().getKeyID(), 2048);
        all.put(
                "signed by somebody else under the issuer's key id",
                TestIssuer.sign(header(issuer).build(), issuer.claims(now), stranger));
        all.put(
                "with a key of its own in its header",
                TestIssuer.sign(
                        header(issuer).keyID(null).jwk(stranger.toPublicJWK()).build(), issuer.claims(now), stranger));
        all.put(
                "with the address of its own keys",
                TestIssuer.sign(
                        header(issuer)
                                .keyID("mine")
                                .jwkURL(java.net.URI.create(issuer.url() + "/mine"))
                                .build(),
                        issuer.claims(now),
                        stranger));
        all.put(
                "of an unknown key",
                TestIssuer.sign(header(issuer).keyID("unknown").build(), issuer.claims(now), stranger));
        all.put("with its signature cut off", parts[0] + "." + parts[1] + ".");
        all.put(
                "with another signature",
                parts[0] + "." + parts[1] + "." + parts[2].substring(0, 20) + "AAAA" + parts[2].substring(24));
        all.put(
                "with other claims under a good signature",
                parts[0] + "."
                        + base64(issuer.claims(now).subject("eve").build().toString()) + "." + parts[2]);
        for (var none : List.of("none", "None", "NONE", "nOnE")) {
            all.put(
                    "unsigned, alg " + none,
                    base64("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}") + "." + parts[1] + ".");
        }
        all.put("alg none with a signature", base64("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]);
        all.put(
                "HS256 with the public key as its secret",
                TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .keyID(issuer.rsa().getKeyID())
                                .build(),
                        issuer.claims(now),
                        publicKeyAsSecret(issuer)));
        all.put(
                "RS512, which is not in the list",
                TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.RS512)
                                .keyID(issuer.rsa().getKeyID())
                                .build(),
                        issuer.claims(now),
                        issuer.rsa()));
        all.put(
                "RS256 in its header over an EC signature",
                base64("{\"alg\":\"RS256\",\"kid\":\"ec-1\"}") + "." + parts[1] + "." + parts[2]);
        all.put(
                "with a critical parameter that nobody knows",
                TestIssuer.sign(
                        header(issuer)
                                .criticalParams(Set.of("exp"))
                                .customParam("exp", 1)
                                .build(),
                        issuer.claims(now),
                        issuer.rsa()));
        all.put(
                "of another type",
                TestIssuer.sign(
                        header(issuer).type(new JOSEObjectType("logout+jwt")).build(),
                        issuer.claims(now),
                        issuer.rsa()));
        all.put("of another issuer", issuer.sign(issuer.claims(now).issuer("https://login.example.com")));
        all.put("of the issuer with a slash", issuer.sign(issuer.claims(now).issuer(issuer.url() + "/")));
        all.put("of no issuer", issuer.sign(issuer.claims(now).issuer(null)));
        all.put("for another audience", issuer.sign(issuer.claims(now).audience("another-service")));
        all.put("for no audience", issuer.sign(issuer.claims(now).audience((String) null)));
        all.put(
                "for an audience that only begins like ours",
                issuer.sign(issuer.claims(now).audience("continuo-admin")));
        all.put("expired", issuer.sign(issuer.claims(now).expirationTime(Date.from(now.minusSeconds(31)))));
        all.put("never to expire", issuer.sign(issuer.claims(now).expirationTime(null)));
        all.put("not yet good", issuer.sign(issuer.claims(now).notBeforeTime(Date.from(now.plusSeconds(60)))));
        all.put("issued in the future", issuer.sign(issuer.claims(now).issueTime(Date.from(now.plusSeconds(60)))));
        all.put("without a subject", issuer.sign(issuer.claims(now).subject(null)));
        all.put("with an empty subject", issuer.sign(issuer.claims(now).subject(" ")));
        all.put(
                "with a line break in its subject",
                issuer.sign(issuer.claims(now).subject("ann\neve")));
        all.put("without an organisation", issuer.sign(issuer.claims(now).claim("organisation", null)));
        all.put(
                "with a number for its organisation",
                issuer.sign(issuer.claims(now).claim("organisation", 7)));
        all.put("whose claims are a list", base64("{\"alg\":\"RS256\"}") + "." + base64("[]") + "." + parts[2]);
        all.put(
                "whose expiry is a text",
                base64("{\"alg\":\"RS256\"}") + "." + base64("{\"exp\":\"tomorrow\"}") + "." + parts[2]);
        all.put("longer than any token", issuer.sign(issuer.claims(now).claim("more", "x".repeat(7_000))));
        return all;
    }

    private static JWSHeader.Builder header(TestIssuer issuer) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(issuer.rsa().getKeyID());
    }

    private static MACSigner publicKeyAsSecret(TestIssuer issuer) {
        try {
            return new MACSigner(issuer.rsa().toRSAPublicKey().getEncoded());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
