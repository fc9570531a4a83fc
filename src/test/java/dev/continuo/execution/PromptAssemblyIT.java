package dev.continuo.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.catalog.Choice;
import dev.continuo.file.StoredFile;
import dev.continuo.file.Upload;
import dev.continuo.intake.Acceptance;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.SentMessage;
import dev.continuo.model.Attachment;
import dev.continuo.model.PromptMessage;
import dev.continuo.run.Claim;
import dev.continuo.run.Outcome;
import dev.continuo.run.RunOptions;
import dev.continuo.run.Truth;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptAssemblyIT {
    private final Truth truth = Truth.fresh();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0  | SYSTEM House rules., SYSTEM Rhyme., USER hi, ASSISTANT one, USER hi, ASSISTANT two, USER hi
                    1  | SYSTEM House rules., SYSTEM Rhyme., USER hi
                    2  | SYSTEM House rules., SYSTEM Rhyme., USER hi
                    3  | SYSTEM House rules., SYSTEM Rhyme., USER hi, ASSISTANT two, USER hi
                    99 | SYSTEM House rules., SYSTEM Rhyme., USER hi, ASSISTANT one, USER hi, ASSISTANT two, USER hi
                    """)
    void an_agent_is_shown_its_instructions_and_the_last_messages_from_a_question_on(int history, String expected) {
        answered("one");
        answered("two");
        truth.send(truth.message("t", UUID.randomUUID().toString(), "hi"));
        var claim = truth.start(Truth.node("n"));

        assertThat(prompt(claim, history)).containsExactly(expected.split(", "));
        assertThat(prompt(claim, history)).as("the same again").containsExactly(expected.split(", "));
    }

    @Test
    void the_files_of_the_last_messages_are_shown_as_far_as_there_is_room_and_others_named() {
        var first = keep("first.png", "image/png", PNG + "1".repeat(60));
        var second = keep("second.csv", "text/csv", "a,b");
        var third = keep("third.pdf", "application/pdf", "%PDF-" + "3".repeat(60));
        send(first);
        answerNext("one");
        send(second, third);
        answerNext("two");
        send(second);
        var claim = truth.start(Truth.node("n"));

        assertThat(attachments(claim, 1_000))
                .containsExactly(
                        new Attachment.Image("image/png", base64(PNG + "1".repeat(60))),
                        new Attachment.Text("second.csv", "text/csv", "a,b"),
                        new Attachment.Pdf("third.pdf", base64("%PDF-" + "3".repeat(60))),
                        new Attachment.Text("second.csv", "text/csv", "a,b"));
        var shorter = List.of(
                new Attachment.Left("first.png", "image/png"),
                new Attachment.Text("second.csv", "text/csv", "a,b"),
                new Attachment.Pdf("third.pdf", base64("%PDF-" + "3".repeat(60))),
                new Attachment.Text("second.csv", "text/csv", "a,b"));
        assertThat(attachments(claim, 100)).isEqualTo(shorter);
        assertThat(attachments(claim, 100)).as("the same again").isEqualTo(shorter);
        assertThat(attachments(claim, 1)).hasOnlyElementsOfType(Attachment.Left.class);
    }

    private static final String PNG = "\u0089PNG\r\n\u001a\n";

    private StoredFile keep(String name, String type, String latin) {
        var bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
        return truth.files.keep(truth.ann, Upload.of(UUID.randomUUID(), name, type, bytes, 1_000));
    }

    private static String base64(String latin) {
        return Base64.getEncoder().encodeToString(latin.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void send(StoredFile... files) {
        var parts = JsonNodeFactory.instance.arrayNode();
        for (var file : files) {
            parts.add(file.part());
        }
        assertThat(truth.send(new SentMessage(
                        truth.org,
                        "ann",
                        Optional.of("t"),
                        Optional.of(UUID.randomUUID().toString()),
                        "user",
                        parts,
                        Optional.empty(),
                        RunOptions.none(),
                        OnBusy.ENQUEUE)))
                .isInstanceOf(Acceptance.Accepted.class);
    }

    private void answerNext(String text) {
        Claim claim = truth.start(Truth.node("n"));
        truth.flush(Truth.opening(claim, text));
        truth.finish(claim.fence(), Outcome.completed("stop", Optional.empty()));
    }

    private List<Attachment> attachments(Claim claim, long room) {
        var choice = new Choice(
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                new Choice.Where.Configured(Optional.empty()));
        var assembly = new PromptAssembly(
                truth.messages, new Attachments(truth.files, room), (_, _) -> choice, Optional.empty());
        return assembly.of(assembly.draft(claim)).messages().stream()
                .flatMap(m -> m.attachments().stream())
                .toList();
    }

    private void answered(String text) {
        truth.send(truth.message("t", UUID.randomUUID().toString(), "hi"));
        answerNext(text);
    }

    private List<String> prompt(Claim claim, int history) {
        var choice = new Choice(
                Optional.of("Rhyme."),
                OptionalDouble.empty(),
                history == 0 ? OptionalInt.empty() : OptionalInt.of(history),
                new Choice.Where.Configured(Optional.empty()));
        var assembly = new PromptAssembly(
                truth.messages, new Attachments(truth.files, 1 << 20), (_, _) -> choice, Optional.of("House rules."));
        return assembly.of(assembly.draft(claim)).messages().stream()
                .map((PromptMessage m) -> m.role() + " " + m.text())
                .toList();
    }
}
