package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OutputCapTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 4_096;

    private static int bytes(JsonNode node) throws Exception {
        return JSON.writeValueAsBytes(node).length;
    }

    @Test
    void what_fits_is_left_alone() {
        var output = new TextNode("x".repeat(MOST - 2));
        assertThat(OutputCap.of(output, MOST, "c")).isEqualTo(new OutputCap.Capped(output, java.util.Optional.empty()));
    }

    @Test
    void a_long_text_shows_its_head_and_how_to_read_on() throws Exception {
        var text = "a😀\"\n\0".repeat(2_000);
        var capped = OutputCap.of(new TextNode(text), MOST, "call_7");
        assertThat(bytes(capped.output())).isLessThanOrEqualTo(MOST);
        assertThat(capped.spilled()).hasValue(text.replace('\0', '\ufffd'));
        var head = capped.output().path("head").asText();
        assertThat(capped.spilled().get()).startsWith(head);
        assertThat(head.length()).isGreaterThan(500);
        assertThat(Character.isHighSurrogate(head.charAt(head.length() - 1))).isFalse();
        assertThat(capped.output().path("characters").asInt()).isEqualTo(10_000);
        var on = capped.output().path("readOn");
        assertThat(on.path("tool").asText()).isEqualTo("read_tool_output");
        assertThat(on.path("callId").asText()).isEqualTo("call_7");
        assertThat(on.path("offset").asInt()).isEqualTo(head.codePointCount(0, head.length()));
    }

    @Test
    void pictures_go_before_words_do() throws Exception {
        var output = JSON.createObjectNode();
        var content = output.putArray("content");
        content.addObject().put("type", "text").put("text", "a plan");
        content.addObject().put("type", "image").put("mimeType", "image/png").put("data", "A".repeat(10_000));
        var capped = OutputCap.of(output, MOST, "c");
        assertThat(capped.spilled()).isEmpty();
        assertThat(capped.output().at("/content/0/text").asText()).isEqualTo("a plan");
        assertThat(capped.output().at("/content/1/data").asText()).isEqualTo("(left out: 10000 characters of Base64)");
    }

    @Test
    void a_head_whose_rest_was_lost_does_not_send_the_model_looking_for_it() {
        var capped = OutputCap.of(new TextNode("x".repeat(10_000)), MOST, "c");
        var lost = OutputCap.withoutRest(capped.output());
        assertThat(lost.has("readOn")).isFalse();
        assertThat(lost.path("head")).isEqualTo(capped.output().path("head"));
    }

    @Property(tries = 200)
    void whatever_comes_is_no_larger_than_it_may_be(
            @ForAll String seed, @ForAll @IntRange(min = 4_096, max = 20_000) int most) {
        var text = seed.isEmpty() ? "x" : seed.repeat(1 + 30_000 / seed.length());
        var capped = OutputCap.of(new TextNode(text), most, "c".repeat(128)).output();
        assertThat(capped.toString().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
    }
}
