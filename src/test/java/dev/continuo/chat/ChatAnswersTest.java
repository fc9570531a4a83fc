package dev.continuo.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.run.Question;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            approval | {'state':'approval-responded','toolCallId':'c1','approval':{'id':'c1','approved':true}}                | {'approved':true}
            approval | {'state':'approval-responded','toolCallId':'c1','approval':{'id':'c1','approved':false,'reason':'no'}} | {'approved':false,'reason':'no'}
            approval | {'state':'approval-responded','toolCallId':'c1','approval':{'id':'other','approved':true}}             |
            approval | {'state':'approval-requested','toolCallId':'c1','approval':{'id':'c1'}}                                |
            approval | {'state':'output-available','toolCallId':'c1','output':1,'approval':{'id':'c1','approved':true}}       |
            tool     | {'state':'output-available','toolCallId':'c1','output':{'a':1}}                                        | {'output':{'a':1}}
            tool     | {'state':'output-error','toolCallId':'c1','errorText':'no'}                                            | {'approved':false,'reason':'no'}
            tool     | {'state':'output-available','toolCallId':'c2','output':1}                                              |
            tool     | {'state':'approval-responded','toolCallId':'c1','approval':{'id':'c1','approved':true}}                |
            tool     | {'type':'text','text':'words'}                                                                         |
            """)
    void a_part_answers_the_question_it_was_asked(String kind, String part, String answer) throws Exception {
        var question = Question.open("c1", kind, json("{}"));
        assertThat(ChatAnswers.answer(question, json(part)).map(JsonNode::toString))
                .isEqualTo(
                        Optional.ofNullable(answer == null ? null : json(answer).toString()));
    }

    private static JsonNode json(String quoted) throws Exception {
        return JSON.readTree(quoted.replace('\'', '"'));
    }
}
