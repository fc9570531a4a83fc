package dev.continuo.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                "/api/threads/a_B-9 - -",
                "/api/admin/nodes/host-1.example.com/drain - application/json;charset=utf-8",
                "/api/threads/%3E q=a%20b&x=%C3%A9+%25 text/plain",
                "/api/threads ?a=/b;c -"
            })
    void what_any_client_sends_is_left_to_others(String path, String query, String type) {
        assertThat(Spelling.mistake(path, query, type)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            value = {
                "/api/threads/> - - bad_id",
                "/api/threads/a;b - - bad_id",
                "/api/threads/a|b - - bad_id",
                "/api/threads/%zz - - bad_id",
                "/api/threads q=%00 - bad_query",
                "/api/threads q=%zz - bad_query",
                "/api/threads q={} - bad_query",
                "/api/threads - garbage unsupported_media_type",
                "/api/threads - / unsupported_media_type",
                "/api/threads - /json unsupported_media_type"
            })
    void what_jax_rs_would_stumble_over_is_refused(String path, String query, String type, String code) {
        assertThat(Spelling.mistake(path, query, type)).map(Problem::code).hasValue(code);
    }
}
