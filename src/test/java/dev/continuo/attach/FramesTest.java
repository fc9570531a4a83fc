package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.log.Cursor;
import dev.continuo.log.Terminal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final UUID RUN = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private static final UUID MESSAGE = UUID.fromString("00000000-0000-0000-0000-00000000000b");
    private static final UUID ANSWER = UUID.fromString("00000000-0000-0000-0000-00000000000c");

    @Test
    void open_says_where_now_is_and_what_is_queued() {
        is(Frames.open("0", "my-thread", Optional.empty()), """
                event: open
                id: 0
                data: {"thread":"my-thread","run":null}

                """);
        is(Frames.open(Cursor.end(RUN, 3).toString(), "t", Optional.of(RUN)), """
                event: open
                id: 00000000-0000-0000-0000-00000000000a.3.end
                data: {"thread":"t","run":"00000000-0000-0000-0000-00000000000a"}

                """);
    }

    @Test
    void message_and_state_have_no_position_of_their_own() {
        var message = JsonNodeFactory.instance.objectNode().put("role", "user");
        is(Frames.message(RUN, new Asked(message, Optional.empty()), "queued", OptionalInt.of(1)), """
                event: message
                data: {"run":"00000000-0000-0000-0000-00000000000a","message":{"role":"user"},"state":"queued","position":1}

                """);
        is(Frames.state(RUN, "running", OptionalInt.empty()), """
                event: state
                data: {"run":"00000000-0000-0000-0000-00000000000a","state":"running"}

                """);
    }

    @Test
    void rewind_carries_the_position_it_goes_back_to() {
        is(Frames.rewind(RUN, new Reading.Rewound(97, 4, "takeover")), """
                event: rewind
                id: 00000000-0000-0000-0000-00000000000a.4.97
                data: {"run":"00000000-0000-0000-0000-00000000000a","to":97,"reason":"takeover"}

                """);
    }

    @Test
    void terminal_has_what_is_needed_to_check_the_text() {
        is(
                Frames.terminal(
                        RUN,
                        new Terminal(
                                "completed",
                                2,
                                412,
                                Optional.of("ab12"),
                                Optional.of("{\"input\": 1}"),
                                MESSAGE,
                                Optional.of(ANSWER),
                                Optional.empty())),
                """
                event: terminal
                id: 00000000-0000-0000-0000-00000000000a.2.end
                data: {"run":"00000000-0000-0000-0000-00000000000a","state":"completed",\
                "messageId":"00000000-0000-0000-0000-00000000000b","answerId":"00000000-0000-0000-0000-00000000000c",\
                "n":412,"sha256":"ab12","usage":{"input": 1}}

                """);
        is(
                Frames.terminal(
                        RUN,
                        new Terminal(
                                "failed",
                                0,
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                MESSAGE,
                                Optional.empty(),
                                Optional.of("too_long"))),
                """
                event: terminal
                id: 00000000-0000-0000-0000-00000000000a.0.end
                data: {"run":"00000000-0000-0000-0000-00000000000a","state":"failed",\
                "messageId":"00000000-0000-0000-0000-00000000000b","answerId":null,\
                "n":0,"sha256":null,"usage":null,"error":"too_long"}

                """);
    }

    @Test
    void snapshot_reset_and_reconnect() {
        var end = new Terminal(
                "completed", 2, 7, Optional.empty(), Optional.empty(), MESSAGE, Optional.empty(), Optional.empty());
        is(Frames.snapshot(RUN, end, Optional.of(JsonNodeFactory.instance.objectNode())), """
                event: snapshot
                id: 00000000-0000-0000-0000-00000000000a.2.7
                data: {"run":"00000000-0000-0000-0000-00000000000a","message":{}}

                """);
        is(Frames.reset("0", "t"), """
                event: reset
                id: 0
                data: {"thread":"t"}

                """);
        is(Frames.reconnect(Duration.ofMillis(740)), """
                event: reconnect
                data: {"afterMs":740}

                """);
    }

    @Test
    void line_ends_within_a_message_stay_within_its_data_line() {
        var message = JsonNodeFactory.instance.objectNode().put("text", "\n\nevent: terminal\r\rdata: {}\u0000\u2028");
        var frame = new String(
                Frames.message(RUN, new Asked(message, Optional.empty()), "queued", OptionalInt.empty()), UTF_8);
        assertThat(frame.strip().split("\n|\r")).hasSize(2);
        assertThat(frame).endsWith("}\n\n").contains("\\n\\nevent: terminal\\r\\rdata: {}\\u0000");
    }

    private static void is(byte[] frame, String expected) {
        assertThat(new String(frame, UTF_8)).isEqualTo(expected);
    }
}
