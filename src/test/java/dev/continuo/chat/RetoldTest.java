package dev.continuo.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RetoldTest {
    @Test
    void a_stored_message_is_told_as_the_chunks_that_lead_to_it() throws IOException {
        var parts = new ObjectMapper().readTree("""
                [{"type":"step-start"},
                 {"type":"reasoning","text":"hm","state":"done"},
                 {"type":"dynamic-tool","toolName":"sum","toolCallId":"c1","state":"output-available","input":{"a":1},"output":3},
                 {"type":"step-start"},
                 {"type":"text","text":"three","state":"done"}]""");

        assertThat(Retold.of(FakeRun.ANSWER, parts).stream().map(c -> new String(c, UTF_8)))
                .containsExactly(
                        "{\"type\":\"start\",\"messageId\":\"" + FakeRun.ANSWER + "\"}",
                        "{\"type\":\"start-step\"}",
                        "{\"type\":\"reasoning-start\",\"id\":\"r1\"}",
                        "{\"type\":\"reasoning-delta\",\"id\":\"r1\",\"delta\":\"hm\"}",
                        "{\"type\":\"reasoning-end\",\"id\":\"r1\"}",
                        "{\"type\":\"tool-input-available\",\"toolCallId\":\"c1\",\"toolName\":\"sum\",\"input\":{\"a\":1},\"dynamic\":true}",
                        "{\"type\":\"tool-output-available\",\"toolCallId\":\"c1\",\"output\":3,\"dynamic\":true}",
                        "{\"type\":\"finish-step\"}",
                        "{\"type\":\"start-step\"}",
                        "{\"type\":\"text-start\",\"id\":\"t2\"}",
                        "{\"type\":\"text-delta\",\"id\":\"t2\",\"delta\":\"three\"}",
                        "{\"type\":\"text-end\",\"id\":\"t2\"}",
                        "{\"type\":\"finish-step\"}");
    }
}
