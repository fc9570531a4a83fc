package dev.continuo.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.continuo.jwt.Verdict.Bad;
import dev.continuo.jwt.Verdict.Good;
import dev.continuo.jwt.Verdict.Unjudged;
import dev.continuo.testkit.ForgedTokens;
import dev.continuo.testkit.ManualClock;
import dev.continuo.testkit.TestIssuer;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokensTest {
    private final ManualClock clock = new ManualClock();
    private final TestIssuer issuer = TestIssuer.start();
    private final Tokens tokens = tokens(Optional.of(issuer.url()), Optional.empty());

    @AfterEach
    void end() {
        issuer.close();
    }

    private Tokens tokens(Optional<String> url, Optional<String> keys) {
        var settings = new TokenSettings(url, TestIssuer.AUDIENCE, keys, List.of("RS256", "PS256", "ES256"));
        return new Tokens(settings, new SigningKeys(settings, clock), clock);
    }

    private String good() {
        return issuer.sign(issuer.claims(clock.instant()));
    }

    @Test
    void a_good_token_says_who_it_is_and_until_when() {
        var verdict = (Good) tokens.judge(good());
        assertThat(verdict.text("sub")).contains("ann");
        assertThat(verdict.texts("groups")).containsExactly("continuo-member");
        assertThat(verdict.text("groups")).isEmpty();
        assertThat(verdict.expires()).isEqualTo(clock.instant().plusSeconds(330));
    }

    @Test
    void every_algorithm_of_the_list_is_checked_by_its_own_kind_of_key() {
        var rsa = issuer.rsa();
        var ec = issuer.ec();
        var claims = issuer.claims(clock.instant()).audience(List.of("others", TestIssuer.AUDIENCE));
        for (var token : List.of(
                TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.PS256)
                                .keyID(rsa.getKeyID())
                                .build(),
                        claims,
                        rsa),
                TestIssuer.sign(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .keyID(ec.getKeyID())
                                .build(),
                        claims,
                        ec),
                TestIssuer.sign(new JWSHeader.Builder(JWSAlgorithm.ES256).build(), claims, ec))) {
            assertThat(tokens.judge(token)).isInstanceOf(Good.class);
        }
    }

    @Test
    void no_forged_token_is_good() {
        var forged = ForgedTokens.of(issuer, clock.instant());
        assertThat(forged).hasSizeGreaterThan(30);
        forged.keySet().removeIf(what -> what.contains("subject") || what.contains("organisation"));
        forged.forEach((what, token) -> assertThat(tokens.judge(token)).as(what).isInstanceOf(Bad.class));
        assertThat(tokens.judge(good())).as("and a good one still is").isInstanceOf(Good.class);
    }

    @Test
    void clocks_may_differ_by_30_seconds_and_no_more() {
        var now = clock.instant();
        for (var claims : List.of(
                issuer.claims(now).expirationTime(Date.from(now.minusSeconds(29))),
                issuer.claims(now).notBeforeTime(Date.from(now.plusSeconds(30))))) {
            assertThat(tokens.judge(issuer.sign(claims))).isInstanceOf(Good.class);
        }
        for (var claims : List.of(
                issuer.claims(now).expirationTime(Date.from(now.minusSeconds(30))),
                issuer.claims(now).notBeforeTime(Date.from(now.plusSeconds(31))))) {
            assertThat(tokens.judge(issuer.sign(claims))).isInstanceOf(Bad.class);
        }
    }

    @Test
    void a_new_key_is_found_and_one_that_is_gone_is_not_believed() {
        var old = good();
        assertThat(tokens.judge(old)).isInstanceOf(Good.class);
        clock.advance(SigningKeys.REST);
        issuer.rotate();
        assertThat(tokens.judge(good())).isInstanceOf(Good.class);
        assertThat(tokens.judge(old)).isInstanceOf(Bad.class);
    }

    @Test
    void tokens_of_unknown_keys_make_nobody_ask_more_often_than_every_few_seconds() {
        var unknown = ForgedTokens.of(issuer, clock.instant()).get("of an unknown key");
        for (int i = 0; i < 50; i++) {
            assertThat(tokens.judge(unknown)).isInstanceOf(Bad.class);
        }
        assertThat(issuer.asked()).isEqualTo(1);
        clock.advance(SigningKeys.REST);
        for (int i = 0; i < 50; i++) {
            assertThat(tokens.judge(unknown)).isInstanceOf(Bad.class);
        }
        assertThat(issuer.asked()).isEqualTo(2);
    }

    @Test
    void garbage_makes_nobody_ask_at_all() {
        ForgedTokens.of(issuer, clock.instant()).entrySet().stream()
                .filter(e -> e.getKey().contains("audience") || e.getKey().contains("unsigned"))
                .forEach(e -> tokens.judge(e.getValue()));
        assertThat(issuer.asked()).isZero();
    }

    @Test
    void while_the_keys_cannot_be_had_a_known_key_is_believed_for_minutes_and_then_nothing() {
        issuer.answers(500);
        assertThat(tokens.judge(good())).as("before they were ever known").isInstanceOf(Unjudged.class);
        issuer.answers(200);
        clock.advance(SigningKeys.REST);
        assertThat(tokens.judge(good())).isInstanceOf(Good.class);
        issuer.answers(500);
        clock.advance(SigningKeys.USABLE.minus(Duration.ofSeconds(1)));
        assertThat(tokens.judge(good())).isInstanceOf(Good.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(tokens.judge(good())).isInstanceOf(Unjudged.class);
        issuer.answers(200);
        clock.advance(SigningKeys.REST);
        assertThat(tokens.judge(good())).isInstanceOf(Good.class);
    }

    @Test
    void short_keys_and_secrets_that_an_issuer_publishes_are_not_used() {
        var weak = TestIssuer.rsa("weak", 1024);
        issuer.publish(weak);
        var token = TestIssuer.sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build(), issuer.claims(clock.instant()), weak);
        assertThat(tokens.judge(token)).isEqualTo(new Bad("signature"));
    }

    @Test
    void what_calls_itself_another_issuer_is_not_believed() {
        issuer.calledBy("https://login.example.com");
        assertThat(tokens.judge(good())).isInstanceOf(Unjudged.class);
        assertThat(tokens(Optional.of(issuer.url()), Optional.of(issuer.url() + "/keys"))
                        .judge(good()))
                .as("where the keys are given, nobody asks")
                .isInstanceOf(Good.class);
    }

    @Test
    void without_an_issuer_no_token_is_taken() {
        assertThat(tokens(Optional.empty(), Optional.empty()).judge(good())).isInstanceOf(Bad.class);
    }

    @Test
    void settings_that_anybody_could_forge_with_end_the_start() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokens(Optional.of("http://login.example.com"), Optional.empty()))
                .withMessageContaining("must be an https:// address");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenSettings(Optional.empty(), "a", Optional.empty(), List.of("HS256")))
                .withMessageContaining("continuo.jwt.algorithms has 'HS256'");
    }
}
