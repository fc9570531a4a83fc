package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [1]          | no JSON object
            "text"       | no JSON object
            {"a":        | not valid JSON
            {"a":1} junk | not valid JSON
            {"a":"0123456789"} | 18 characters
            """, quoteCharacter = '\'')
    void what_is_no_object_or_too_large_is_shown_and_says_why(String text, String why) {
        var invalid = (Arguments.Invalid) Arguments.of(text, 17);
        assertThat(invalid.input().textValue()).isEqualTo(text);
        assertThat(invalid.why()).contains(why);
    }

    @Test
    void some_providers_send_nothing_where_there_is_nothing_to_say() {
        assertThat(Arguments.of("", 10)).isEqualTo(new Arguments.Valid(JsonNodeFactory.instance.objectNode()));
    }

    @Test
    void what_no_database_takes_is_cleaned() {
        var valid = (Arguments.Valid) Arguments.of("{\"a\\u0000\":\"\\ud800\"}", 100);
        assertThat(valid.input().toString()).isEqualTo("{\"a\uFFFD\":\"\uFFFD\"}");
    }
}
