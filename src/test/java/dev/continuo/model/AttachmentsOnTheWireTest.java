package dev.continuo.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.egress.Egress;
import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.secrets.Credential;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each provider is shown of the files of a message. */
class AttachmentsOnTheWireTest {
    private static final List<PromptMessage> TALK = List.of(PromptMessage.showing(
            List.of(
                    new Attachment.Image("image/png", "iVBORw0KGgo="),
                    new Attachment.Pdf("paper.pdf", "JVBERi0="),
                    new Attachment.Text("data.csv", "text/csv", "a,b\n1,2"),
                    new Attachment.Left("old.png", "image/png")),
            "What is it?"));
    private static final String CSV = "[File data.csv (text/csv)]\na,b\n1,2\n[End of data.csv]";
    private static final String OLD = "[The file old.png (image/png) was shown here before.]";

    private static JsonNode asked(Dialect dialect, List<PromptMessage> talk) throws IOException, InterruptedException {
        try (var provider = new RawProvider(c -> c.stream())) {
            var endpoint = new Endpoint(
                    dialect,
                    UUID.randomUUID(),
                    provider.url(),
                    Optional.of(new Credential("key-1")),
                    "model-1",
                    Optional.empty());
            var prompt = new Prompt(
                    talk, Optional.empty(), OptionalDouble.empty(), new Route.To(endpoint, Optional.empty()));
            try {
                Models.at("http://127.0.0.1:1/v1", Patience.USUAL, Egress.allowing("127.0.0.1"), Clock.systemUTC())
                        .choose(prompt)
                        .generate(prompt, _ -> {}, new ModelCall());
                throw new AssertionError("an empty stream is no answer");
            } catch (ModelException e) {
                assertThat(e.code()).isEqualTo("provider_cut_off");
            }
            var request = provider.requests.getFirst();
            return new ObjectMapper().readTree(request.substring(request.indexOf("\r\n\r\n") + 4));
        }
    }

    @Test
    void openai_takes_data_urls() throws Exception {
        var content = asked(Dialect.OPENAI, TALK).at("/messages/0/content");
        assertThat(content).hasSize(5);
        assertThat(content.at("/0/image_url/url").asText()).isEqualTo("data:image/png;base64,iVBORw0KGgo=");
        assertThat(content.at("/1/file/file_data").asText()).isEqualTo("data:application/pdf;base64,JVBERi0=");
        assertThat(content.findValuesAsText("text")).containsExactly(CSV, OLD, "What is it?");
    }

    @Test
    void mistral_takes_data_urls() throws Exception {
        var content = asked(Dialect.MISTRAL, TALK).at("/messages/0/content");
        assertThat(content).hasSize(5);
        assertThat(content.get(0).toString()).contains("\"data:image/png;base64,iVBORw0KGgo=\"");
        assertThat(content.get(1).toString()).contains("\"data:application/pdf;base64,JVBERi0=\"");
        assertThat(content.findValuesAsText("text")).containsExactly(CSV, OLD, "What is it?");
    }

    @Test
    void anthropic_takes_base64() throws Exception {
        var content = asked(Dialect.ANTHROPIC, TALK).at("/messages/0/content");
        assertThat(content).hasSize(5);
        assertThat(content.at("/0/type").asText()).isEqualTo("image");
        assertThat(content.at("/0/source/media_type").asText()).isEqualTo("image/png");
        assertThat(content.at("/0/source/data").asText()).isEqualTo("iVBORw0KGgo=");
        assertThat(content.at("/1/type").asText()).isEqualTo("document");
        assertThat(content.at("/1/source/data").asText()).isEqualTo("JVBERi0=");
        assertThat(content.findValuesAsText("text")).containsExactly(CSV, OLD, "What is it?");
    }

    @Test
    void gemini_takes_inline_data() throws Exception {
        var parts = asked(Dialect.GEMINI, TALK).at("/contents/0/parts");
        assertThat(parts).hasSize(5);
        assertThat(parts.at("/0/inlineData/mimeType").asText()).isEqualTo("image/png");
        assertThat(parts.at("/0/inlineData/data").asText()).isEqualTo("iVBORw0KGgo=");
        assertThat(parts.at("/1/inlineData/mimeType").asText()).isEqualTo("application/pdf");
        assertThat(parts.findValuesAsText("text")).containsExactly(CSV, OLD, "What is it?");
    }

    @ParameterizedTest
    @EnumSource
    void a_file_alone_is_a_question(Dialect dialect) throws Exception {
        var body =
                asked(dialect, List.of(PromptMessage.showing(List.of(new Attachment.Image("image/png", "iVBO")), "")));
        assertThat(body.toString()).contains("iVBO").doesNotContain("\"text\":\"\"");
    }
}
