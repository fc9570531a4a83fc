package dev.continuo.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
    private static final Prices PRICES =
            Prices.of("{\"a\":{\"input\":2,\"output\":8,\"cached\":0.5},\"b\":{\"input\":1.1,\"output\":0}}");

    @Test
    void cached_input_has_a_price_of_its_own_where_there_is_one() {
        var tokens = new Tokens(1, 1, 0, 1_000_000, 500_000, 100_000, 400_000);

        assertThat(PRICES.of("a", tokens)).contains(new BigDecimal("5.4"));
        assertThat(PRICES.of("b", tokens)).contains(new BigDecimal("1.1"));
        assertThat(PRICES.of("c", tokens)).isEmpty();
    }

    @Test
    void a_sum_with_a_model_that_has_no_price_has_none() {
        var a = row("a", 1_000_000);
        var c = row("c", 5);

        assertThat(Spent.of(List.of(a, a), PRICES).cost()).contains(new BigDecimal("4"));
        assertThat(Spent.of(List.of(a, c), PRICES).cost()).isEmpty();
        assertThat(Spent.of(List.of(a, c), PRICES).tokens().input()).isEqualTo(1_000_005);
        assertThat(Spent.of(List.of(), PRICES).cost()).contains(BigDecimal.ZERO);
        assertThat(Spent.of(List.of(), new Prices(Optional.empty())).cost()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "nonsense",
                "{} {}",
                "{\"a\":{}}",
                "{\"a\":7}",
                "{\"a\":{\"input\":1}}",
                "{\"a\":{\"input\":-1,\"output\":1}}",
                "{\"a\":{\"input\":\"1\",\"output\":1}}",
                "{\"a\":{\"input\":1,\"output\":1,\"reasoning\":1}}"
            })
    void what_is_no_price_list_is_said_at_the_start(String json) {
        assertThatThrownBy(() -> Prices.of(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("continuo.prices must be like {");
    }

    private static UsageRow row(String model, long input) {
        return new UsageRow(
                LocalDate.EPOCH, model, "default", UsageRow.Kind.ANSWER, new Tokens(1, 1, 0, input, 0, 0, 0));
    }
}
