package dev.continuo.api;

import dev.continuo.usage.Spent;
import dev.continuo.usage.Tokens;
import java.math.BigDecimal;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What was used, as JSON. */
@Schema(name = "Usage")
public record UsageView(
        long runs,

        @Schema(description = "Provider calls, also those that failed")
        long calls,

        @Schema(description = "Calls of which nobody knows what they used: they broke off before the provider told")
        long untold,

        long inputTokens,
        long outputTokens,

        @Schema(description = "A part of outputTokens") long reasoningTokens,
        @Schema(description = "A part of inputTokens") long cachedInputTokens,

        @Schema(description = "By continuo.prices; absent where a model has no price there")
        Optional<BigDecimal> cost) {
    static UsageView of(Spent spent) {
        Tokens t = spent.tokens();
        return new UsageView(
                t.runs(), t.calls(), t.untold(), t.input(), t.output(), t.reasoning(), t.cached(), spent.cost());
    }
}
