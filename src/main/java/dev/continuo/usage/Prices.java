package dev.continuo.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.continuo.json.Mappers;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What models cost, per million tokens, in whatever currency the operator thinks in. */
@Singleton
public final class Prices {
    private static final ObjectMapper JSON = JsonMapper.builder(
                    Mappers.factory().build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Set<String> FIELDS = Set.of("input", "output", "cached");
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private final Map<String, Price> prices;

    private record Price(BigDecimal input, BigDecimal output, BigDecimal cached) {}

    @Inject
    Prices(@ConfigProperty(name = "continuo.prices") Optional<String> json) {
        this.prices = Map.copyOf(json.map(Prices::parse).orElseGet(Map::of));
    }

    /** Outside a container. */
    public static Prices of(String json) {
        return new Prices(Optional.of(json));
    }

    /** Empty where this model has no price. */
    Optional<BigDecimal> of(String model, Tokens t) {
        return Optional.ofNullable(prices.get(model)).map(p -> {
            long cached = Math.min(t.cached(), t.input());
            return plain(p.input()
                    .multiply(BigDecimal.valueOf(t.input() - cached))
                    .add(p.cached().multiply(BigDecimal.valueOf(cached)))
                    .add(p.output().multiply(BigDecimal.valueOf(t.output())))
                    .divide(MILLION));
        });
    }

    /** Without zeros at its end, and never as 2E+1. */
    private static BigDecimal plain(BigDecimal amount) {
        var stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** What no calls cost; empty where nobody has said any price. */
    Optional<BigDecimal> nothing() {
        return prices.isEmpty() ? Optional.empty() : Optional.of(BigDecimal.ZERO);
    }

    private static Map<String, Price> parse(String json) {
        try {
            var read = JSON.readTree(json);
            if (!read.isObject()) {
                throw wrong("it is no JSON object");
            }
            var all = new HashMap<String, Price>();
            read.properties().forEach(e -> all.put(e.getKey(), price(e.getKey(), e.getValue())));
            return all;
        } catch (JsonProcessingException e) {
            throw wrong("it is no JSON");
        }
    }

    private static Price price(String model, JsonNode node) {
        node.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw wrong("'" + model + "' has a field '" + name + "'");
            }
        });
        var input = amount(model, node, "input").orElseThrow(() -> wrong("'" + model + "' has no input"));
        var output = amount(model, node, "output").orElseThrow(() -> wrong("'" + model + "' has no output"));
        return new Price(input, output, amount(model, node, "cached").orElse(input));
    }

    private static Optional<BigDecimal> amount(String model, JsonNode node, String field) {
        var value = node.path(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isNumber() || value.decimalValue().signum() < 0) {
            throw wrong("'" + field + "' of '" + model + "' is no price");
        }
        return Optional.of(value.decimalValue());
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("continuo.prices must be like {\"model\":{\"input\":0.4,\"output\":1.6,"
                + "\"cached\":0.1}}, per million tokens, but " + what);
    }
}
