package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TitleTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Steeping Darjeeling | Steeping Darjeeling",
                "\"Steeping Darjeeling.\" | Steeping Darjeeling",
                "Title: **Steeping Darjeeling** | Steeping Darjeeling",
                "# Tee  kochen | Tee kochen",
                "„Tee kochen“ | Tee kochen",
                "What is C++? | What is C++?",
            })
    void a_title_is_what_is_left_without_decoration(String answer, String title) {
        assertThat(TitleText.of(answer)).contains(title);
        assertThat(TitleText.of("\n\n" + answer + "\nThis title says it.")).contains(title);
    }

    @Test
    void nothing_is_no_title_and_a_long_one_is_cut_between_letters() {
        assertThat(TitleText.of("")).isEmpty();
        assertThat(TitleText.of(" \n ** \n")).isEmpty();
        assertThat(TitleText.of("😀".repeat(100))).contains("😀".repeat(80));
    }

    @Test
    void of_a_long_conversation_the_beginning_is_shown() {
        var ask = TitleText.ask("x".repeat(5_000), "y".repeat(5_000));

        assertThat(ask).hasSize(2);
        assertThat(ask.getLast().text()).hasSizeLessThan(4_100);
    }
}
