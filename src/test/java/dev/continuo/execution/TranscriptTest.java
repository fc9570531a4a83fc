package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.model.PromptMessage;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.model.PromptMessage.ToolUse;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private static List<PromptMessage> of(String parts, boolean partial) throws Exception {
        return Transcript.of(new ObjectMapper().readTree(parts.replace('\'', '"')), partial);
    }

    @Test
    void each_step_is_a_message_and_each_call_has_a_result() throws Exception {
        assertThat(of("""
                [{'type':'step-start'},{'type':'reasoning','text':'hm'},{'type':'text','text':'I add.'},
                 {'type':'dynamic-tool','toolName':'add','toolCallId':'c1','state':'output-available','input':{'n':1},'output':{'sum':2}},
                 {'type':'tool-now','toolCallId':'c2','state':'output-error','input':{},'errorText':'broken'},
                 {'type':'step-start'},
                 {'type':'dynamic-tool','toolName':'book','toolCallId':'c3','state':'output-denied','input':'not json','approval':{'id':'c3','approved':false,'reason':'dear'}},
                 {'type':'dynamic-tool','toolName':'ask','toolCallId':'c4','state':'approval-requested','input':{}},
                 {'type':'step-start'},{'type':'text','text':'Done'}]""", true))
                .containsExactly(
                        new PromptMessage(
                                Role.ASSISTANT,
                                "I add.",
                                false,
                                List.of(
                                        new ToolUse("c1", "add", "{\"n\":1}", "{\"sum\":2}", ToolUse.Ending.OUTPUT),
                                        new ToolUse("c2", "now", "{}", "broken", ToolUse.Ending.FAILED))),
                        new PromptMessage(
                                Role.ASSISTANT,
                                "",
                                false,
                                List.of(
                                        new ToolUse(
                                                "c3",
                                                "book",
                                                "{\"input\":\"not json\"}",
                                                "The user did not allow this call. Reason: dear",
                                                ToolUse.Ending.FAILED),
                                        new ToolUse("c4", "ask", "{}", Transcript.NOT_MADE, ToolUse.Ending.FAILED))),
                        new PromptMessage(Role.ASSISTANT, "Done", true));
    }

    @Test
    void a_step_that_said_nothing_is_not_told() throws Exception {
        assertThat(of("[{'type':'step-start'},{'type':'text','text':''}]", true))
                .isEmpty();
    }
}
