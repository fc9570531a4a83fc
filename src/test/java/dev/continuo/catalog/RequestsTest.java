package dev.continuo.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.continuo.catalog.Provider.Auth;
import dev.continuo.secrets.Credential;
import dev.continuo.web.Json;
import dev.continuo.web.Problem;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
    private final Json json = new Json();

    private <T> T read(String body, Class<T> type) {
        return json.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), type);
    }

    private void check(String body) {
        var made = read(body, NewProvider.class);
        made.checkedName();
        made.checkedKind();
        NewProvider.check(made.key(), NewProvider.auth(made.auth(), Auth.KEY));
        if (made.models() != null) {
            Refusals.models(made.models());
        }
    }

    @Test
    void a_key_is_read_from_json_and_shown_nowhere() {
        var made = read("{'name':'x','kind':'openai','key':'sk-canary'}", NewProvider.class);
        assertThat(made.key()).isEqualTo(new Credential("sk-canary"));
        assertThat(made.toString()).doesNotContain("canary");
        assertThat(read("{'key':'sk-canary'}", ProviderChange.class).toString()).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {}                                                    | missing_field | name
                    {'name':'x'}                                          | missing_field | kind
                    {'name':'x','kind':'x'}                               | bad_value     | kind
                    {'name':' ','kind':'openai'}                          | bad_value     | name
                    {'name':'x','kind':'openai','key':''}                 | bad_value     | key
                    {'name':'x','kind':'openai','key':'sk-canary x'}      | bad_value     | key
                    {'name':'x','kind':'openai','key':['sk-canary']}      | wrong_type    | key
                    {'name':'x','kind':'openai','key':{'a':'sk-canary'}}  | wrong_type    | key
                    {'name':'x','kind':'openai','key':7}                  | wrong_type    | key
                    {'name':'x','kind':'openai','auth':'x'}               | bad_value     | auth
                    {'name':'x','kind':'openai','auth':'none','key':'k'}  | bad_value     | key
                    {'name':'x','kind':'openai','models':['a b']}         | bad_value     | models
                    {'name':'x','kind':'openai','models':[null]}          | bad_value     | models
                    {'name':'x','kind':'openai','secret':1}               | unknown_field | secret
                    """)
    void a_bad_body_is_told_what_is_wrong_and_never_hears_its_key_again(String body, String code, String field) {
        var refusal = catchThrowableOfType(Problem.class, () -> check(body));
        assertThat(refusal.status() + " " + refusal.code() + " "
                        + refusal.field().orElse(""))
                .isEqualTo("400 " + code + " " + field);
        assertThat(refusal.detail()).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {}                                       | missing_field | instructions
                    {'instructions':'x','tier':'huge'}       | bad_value     | tier
                    {'instructions':'x','temperature':3}     | bad_value     | temperature
                    {'instructions':'x','temperature':-0.1}  | bad_value     | temperature
                    {'instructions':'x','temperature':'1'}   | wrong_type    | temperature
                    {'instructions':'x','historyMessages':0} | bad_value     | historyMessages
                    {'instructions':'x','stepLimit':0}       | bad_value     | stepLimit
                    {'instructions':'x','stepLimit':101}     | bad_value     | stepLimit
                    {'instructions':'x','stepLimit':1.5}     | wrong_type    | stepLimit
                    {'instructions':'x','approval':'never'}  | bad_value     | approval
                    {'instructions':'x','tools':'files'}     | wrong_type    | tools
                    {'instructions':'x','tools':['a b']}     | bad_value     | tools
                    {'instructions':'x','tools':[null]}      | bad_value     | tools
                    {'instructions':'x','secret':1}          | unknown_field | secret
                    """)
    void an_agent_is_told_what_is_wrong_with_it(String body, String code, String field) {
        var refusal = catchThrowableOfType(
                Problem.class, () -> read(body, AgentRequest.class).checked("a"));
        assertThat(refusal.code() + " " + refusal.field().orElse("")).isEqualTo(code + " " + field);
    }
}
