package dev.continuo.jwt;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a token turned out to be. */
public sealed interface Verdict {
    /**
     * @param claims as they were signed
     * @param expires no later than this, the skew included
     */
    record Good(Map<String, Object> claims, Instant expires) implements Verdict {
        public Good {
            claims = Map.copyOf(claims);
        }

        public Optional<String> text(String claim) {
            return Optional.ofNullable(claims.get(claim))
                    .filter(String.class::isInstance)
                    .map(String.class::cast);
        }

        /** A list of names, or a single one; nothing where it is anything else. */
        public List<String> texts(String claim) {
            return switch (claims.get(claim)) {
                case String one -> List.of(one);
                case List<?> all ->
                    all.stream()
                            .flatMap(e -> e instanceof String text ? Stream.of(text) : Stream.empty())
                            .toList();
                case null, default -> List.of();
            };
        }
    }

    /** @param why for the log; never for the sender */
    record Bad(String why) implements Verdict {}

    /** The issuer's keys cannot be had, so nobody can say. */
    record Unjudged(String why) implements Verdict {}
}
