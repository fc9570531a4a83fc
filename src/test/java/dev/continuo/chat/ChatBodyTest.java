package dev.continuo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatBodyTest {
    private static final String USER =
            "{\"id\":\"m2\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}";
    private static final String ANSWER =
            "{\"id\":\"m1\",\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"text\":\"Hello\"}]}";

    @Test
    void of_the_history_the_last_message_counts_and_unknown_fields_are_skipped() throws IOException {
        var body = read("{\"nonsense\":{\"a\":[1,{}]},\"id\":\"chat-1\",\"messages\":[" + ANSWER + "," + USER
                + "],\"trigger\":\"submit-message\",\"messageId\":null,\"model\":\"m\",\"temperature\":0.5}");

        assertThat(body.text("id")).contains("chat-1");
        assertThat(body.text("messageId")).isEmpty();
        assertThat(body.number("temperature")).hasValue(0.5);
        var message = said(body);
        assertThat(message.id()).contains("m2");
        assertThat(message.parts()).hasToString("[{\"type\":\"text\",\"text\":\"Hi\"}]");
    }

    private static ChatMessage.New said(ChatBody body) {
        return (ChatMessage.New) ChatMessage.of(body, Limits.defaults());
    }

    @Test
    void an_answer_to_be_replaced_is_the_one_that_is_named_or_else_that_of_the_last_message() throws IOException {
        var named = read("{\"trigger\":\"regenerate-message\",\"messageId\":\"a1\",\"messages\":[" + USER + "]}");
        var unnamed = read("{\"trigger\":\"regenerate-message\",\"messages\":[" + USER + "]}");

        assertThat(ChatMessage.of(named, Limits.defaults())).isEqualTo(new ChatMessage.Anew(List.of("a1", "m2")));
        assertThat(ChatMessage.of(unnamed, Limits.defaults())).isEqualTo(new ChatMessage.Anew(List.of("m2")));
    }

    @Test
    void a_single_message_wins_over_a_history() throws IOException {
        var body = read("{\"message\":" + USER + ",\"messages\":[" + ANSWER + "]}");

        assertThat(said(body).id()).isEqualTo(Optional.of("m2"));
    }

    @Test
    void a_history_of_many_megabytes_is_read_in_passing() throws IOException {
        String long1 =
                "{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"text\":\"" + "x".repeat(1 << 20) + "\"}]}";
        var body = read("{\"messages\":[" + (long1 + ",").repeat(7) + USER + "]}");

        assertThat(said(body).id()).contains("m2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'trigger':'regenerate-message','messages':[]} | missing_field",
                "{'trigger':'regenerate-message','messageId':'a.b','messages':[USER]} | bad_id",
                "{'trigger':'dance','messages':[USER]} | unsupported",
                "{'messages':[USER,ANSWER]} | bad_value",
                "{'messages':[]} | missing_field",
                "{} | missing_field",
                "{'messages':[USER,7]} | missing_field",
                "{'messages':[{'role':'user','parts':[]}]} | empty_message",
                "{'messages':[{'role':'user'}]} | empty_message",
                "{'messages':[{'role':'user','parts':[{'type':'text','text':' '}]}]} | empty_message",
                "{'messages':[{'role':'user','parts':[{'type':'file','url':'x'}]}]} | bad_value",
                "{'messages':[{'role':'user','parts':[{'type':'file'}]}]} | bad_value",
                "{'messages':[{'role':'user','parts':[{'type':'file','url':'https://a.test/api/files/00000000-0000-0000-0000-000000000001'}]}]} | bad_value",
                "{'messages':[{'role':'user','parts':[{'type':'file','url':'http://169.254.169.254/'}]}]} | bad_value",
                "{'messages':[{'role':'user','parts':[{'type':'file','url':'data:text/plain,hi'}]}]} | bad_value",
                "{'messages':[{'role':'user','parts':[F,F,F,F,F,F,F,F,F,F,F]}]} | too_many_files",
                "{'messages':[{'role':'user','parts':[{'type':'text','text':7}]}]} | bad_value",
                "{'messages':[{'role':'system','parts':[]}]} | bad_value",
                "{'messages':[{'id':'a.b','role':'user','parts':[{'type':'text','text':'x'}]}]} | bad_id",
                "{'messages':[USER] | malformed_json",
                "{'messages':[USER]}} | malformed_json",
                "[] | malformed_json",
                "'x' | malformed_json",
            })
    void what_cannot_be_answered_is_refused(String json, String code) {
        String body = json.replace('\'', '"')
                .replace("USER", USER)
                .replace("ANSWER", ANSWER)
                .replaceAll("\\bF\\b", "{\"type\":\"file\",\"url\":\"data:;base64,aGk=\"}");

        assertThatThrownBy(() -> ChatMessage.of(read(body), Limits.defaults()))
                .isInstanceOfSatisfying(Problem.class, p -> {
                    assertThat(p.code()).isEqualTo(code);
                    assertThat(p.status()).isEqualTo(400);
                });
    }

    @Test
    void files_come_inside_or_by_a_path_of_ours_and_need_no_text() throws IOException {
        var ours = "/api/files/00000000-0000-0000-0000-000000000001";
        var message =
                said(read("{\"messages\":[{\"role\":\"user\",\"parts\":[{\"type\":\"file\",\"mediaType\":\"image/png\","
                        + "\"filename\":\"a.png\",\"url\":\"data:image/png;base64,iVBO\"},{\"type\":\"file\",\"url\":\""
                        + ours
                        + "\",\"mediaType\":\"x\"}]}]}"));
        assertThat(message.parts()).hasToString("[{\"type\":\"file\"},{\"type\":\"file\",\"url\":\"" + ours + "\"}]");
        assertThat(message.inside()).containsOnlyKeys(0);
        assertThat(message.inside().get(0).name()).isEqualTo("a.png");
        assertThat(message.inside().get(0).content().mediaType()).isEqualTo("image/png");
    }

    @Test
    void a_message_over_the_limit_is_refused_and_one_at_the_limit_is_not() throws IOException {
        int limit = Limits.defaults().messageChars();
        assertThat(said(read(text("😀".repeat(limit)))).parts()).hasSize(1);
        assertThatThrownBy(() -> ChatMessage.of(read(text("x".repeat(limit + 1))), Limits.defaults()))
                .hasMessageContaining(String.valueOf(limit + 1));
    }

    private static String text(String text) {
        return "{\"messages\":[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}]}";
    }

    private static ChatBody read(String json) throws IOException {
        return ChatBody.read(new ByteArrayInputStream(json.getBytes(UTF_8)));
    }
}
