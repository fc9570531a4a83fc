package dev.continuo.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1, https://api.openai.com/v1",
        "https://api.openai.com/v1/, https://api.openai.com/v1",
        "HTTPS://API.OpenAI.com:443/v1, https://api.openai.com/v1",
        "https://x.openai.azure.com:8443/openai/v1, https://x.openai.azure.com:8443/openai/v1",
        "https://93.184.216.34, https://93.184.216.34",
        "https://[2606:2800:220:1::1]/v1, https://[2606:2800:220:1::1]/v1",
        "http://vllm:8000/v1, http://vllm:8000/v1"
    })
    void a_url_has_one_spelling(String given, String spelled) {
        assertThat(BaseUrl.parse(given)).hasToString(spelled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.openai.com",
                "//api.openai.com",
                "ftp://api.openai.com",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "gopher://api.openai.com",
                "https:///v1",
                "https://",
                "https:api.openai.com",
                "https://user@api.openai.com",
                "https://user:secret@api.openai.com",
                "https://@api.openai.com",
                "https://api.openai.com@169.254.169.254",
                "https://api.openai.com\\@169.254.169.254",
                "https://api.openai.com?x=1",
                "https://api.openai.com/v1?x=1",
                "https://api.openai.com/v1#x",
                "https://api.openai.com#@169.254.169.254",
                "https://api.openai.com/../admin",
                "https://api.openai.com/%2e%2e/admin",
                "https://api.openai.com//v1",
                "https://api.openai.com/a b",
                "https://api.openai.com/a\tb",
                "https://api.openai.com/a\r\nHost: evil",
                "https://api.openai.com/\u00fc",
                "https://api.openai.com:0",
                "https://api.openai.com:65536",
                "https://api.openai.com:-1",
                "https://api.openai.com:x",
                "https://api.openai.com.",
                "https://.openai.com",
                "https://api..openai.com",
                "https://-api.openai.com",
                "https://api_1.openai.com",
                "https://%61pi.openai.com",
                "https://api.openai.com%00.evil.test",
                "https://\u2469.0.0.1",
                "https://xn--\u00fc.test",
                "https://[::1",
                "https://[fe80::1%25eth0]",
                "https://[v1.x]",
                "https://2130706433",
                "https://0x7f000001",
                "https://0x7f.0.0.1",
                "https://0177.0.0.1",
                "https://127.1",
                "https://127.0.1",
                "https://127.0.0.01",
                "https://127.0.0.256",
                "https://127.0.0.1.",
                "https://1.2.3.4.5",
                "https://a.1",
                "https://a.0x1",
                "https://0"
            })
    void what_could_be_read_in_two_ways_is_refused(String text) {
        assertThatThrownBy(() -> BaseUrl.parse(text))
                .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.code()).isEqualTo("bad_base_url"));
    }

    @Test
    void a_long_one_is_refused() {
        assertThatThrownBy(() -> BaseUrl.parse("https://api.openai.com/" + "a".repeat(500)))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.test/v1, https://a.test/v2, true",
        "https://a.test, https://A.test:443/, true",
        "https://a.test, http://a.test, false",
        "https://a.test, http://a.test:443, false",
        "https://a.test, https://a.test:444, false",
        "https://a.test, https://b.test, false"
    })
    void scheme_host_and_port_decide_whether_a_key_may_stay(String one, String other, boolean same) {
        assertThat(BaseUrl.parse(one).sameOrigin(BaseUrl.parse(other))).isEqualTo(same);
    }
}
