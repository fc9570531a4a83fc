package dev.continuo.usage;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Optional;

/**
 * Tokens and their price.
 *
 * @param cost empty where any of these models has no price
 */
public record Spent(Tokens tokens, Optional<BigDecimal> cost) {
    static Spent of(Collection<UsageRow> rows, Prices prices) {
        var tokens = rows.stream().map(UsageRow::tokens).reduce(Tokens.NONE, Tokens::plus);
        var cost = rows.stream()
                .map(row -> prices.of(row.model(), row.tokens()))
                .reduce((a, b) -> a.flatMap(x -> b.map(x::add)))
                .orElseGet(prices::nothing);
        return new Spent(tokens, cost);
    }
}
