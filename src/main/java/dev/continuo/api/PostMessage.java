package dev.continuo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.catalog.Wish;
import dev.continuo.file.FileParts;
import dev.continuo.identity.Caller;
import dev.continuo.intake.Branch;
import dev.continuo.intake.MessageSize;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.SentMessage;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.RunOptions;
import dev.continuo.web.Ids;
import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of a POST to a thread's messages, and everything that can be said against it without asking the database. */
@Schema(name = "PostMessage")
public record PostMessage(
        @Schema(required = true) Sent message,
        String agent,
        String tier,

        @Schema(description = "A model that the tier's provider, or another one of the organisation, lists")
        String model,

        @Schema(minimum = "0", maximum = "2") Double temperature,

        @Schema(
                enumeration = {"enqueue", "reject", "interrupt"},
                defaultValue = "enqueue",
                description =
                        "What it means to a thread that is answering. interrupt cancels the active run, whose partial "
                                + "answer stays, and is next; what waits keeps its order behind it")
        String onBusy,

        @Schema(
                enumeration = {"continue", "restart", "fail"},
                defaultValue = "continue")
        String onTakeover,

        @Schema(
                description =
                        "An answer, or a message: this one comes after it, also where the thread went another way")
        String parentId,

        @Schema(description = "A message: this one is said in its place, as another branch; what was answered stays")
        String replaces) {
    @Schema(name = "SentMessage")
    public record Sent(
            @Schema(description = "The idempotency key; unique in its thread")
            String id,

            @Schema(required = true, enumeration = "user") String role,
            @Schema(required = true) List<Part> parts) {}

    @Schema(name = "Part", description = "A text, or a file that was kept by POST /api/files")
    public record Part(
            @Schema(
                    required = true,
                    enumeration = {"text", "file"})
            String type,

            @Schema(description = "Of a text") String text,

            @Schema(description = "Of a file: its url as POST /api/files answered it. Or send its fileId")
            String url,

            @Schema(description = "Of a file: its id, instead of the url")
            String fileId,

            @Schema(description = "Of a file; what we know of it ourselves counts")
            String mediaType,

            @Schema(description = "Of a file; what we know of it ourselves counts")
            String filename) {
        /** The file that it names, where it is one. */
        private Optional<UUID> file() {
            return fileId == null ? Optional.ofNullable(url).flatMap(FileParts::named) : Ids.ours(fileId);
        }

        private ObjectNode tree() {
            var part = JsonNodeFactory.instance.objectNode().put("type", type);
            return type.equals("text")
                    ? part.put("text", text)
                    : part.put("url", file().map(FileParts::url).orElseThrow());
        }
    }

    void check(Limits limits) {
        if (message == null) {
            throw Refusals.missing("message");
        }
        checkMessage(limits);
        checkOnTakeover(onTakeover);
        checkOnBusy(onBusy);
        if (parentId != null && replaces != null) {
            throw Refusals.badValue("replaces", "A message goes after another or in its place. Send one of the two.");
        }
    }

    Wish wish() {
        return new Wish(Optional.ofNullable(agent), Optional.ofNullable(tier), Optional.ofNullable(model));
    }

    /** The key under which this message is accepted once: its id, or the header where it has none. */
    Optional<String> key(String header) {
        var id = Optional.ofNullable(message.id()).map(Ids::checked);
        var sent = Optional.ofNullable(header).map(Ids::checked);
        if (id.isPresent() && sent.isPresent() && !id.equals(sent)) {
            throw Problem.of(
                    400,
                    "two_keys",
                    "The header Idempotency-Key and the message's id differ. Send one of them, or the same in both.");
        }
        return id.or(() -> sent);
    }

    SentMessage toSent(Caller caller, String thread, Optional<String> key, JsonNode parts) {
        return new SentMessage(
                caller.org(),
                caller.subject(),
                Optional.of(thread),
                key,
                message.role(),
                parts,
                Optional.empty(),
                new RunOptions(
                        Optional.ofNullable(agent),
                        Optional.ofNullable(tier),
                        Optional.ofNullable(model),
                        heat(),
                        onTakeover == null
                                ? OnTakeover.CONTINUE
                                : OnTakeover.valueOf(onTakeover.toUpperCase(Locale.ROOT))),
                onBusy == null ? OnBusy.ENQUEUE : OnBusy.valueOf(onBusy.toUpperCase(Locale.ROOT)),
                branch());
    }

    private Branch branch() {
        if (parentId != null) {
            return new Branch.After(Ids.checked(parentId));
        }
        return replaces == null ? new Branch.Newest() : new Branch.Instead(Ids.checked(replaces));
    }

    OptionalDouble heat() {
        return temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature);
    }

    private void checkMessage(Limits limits) {
        if (message.role() == null) {
            throw Refusals.missing("message.role");
        }
        if (!message.role().equals("user")) {
            throw Refusals.badValue("message.role", "Only messages of the role user are sent. Use that role.");
        }
        checkParts(message.parts(), "message.parts", limits);
    }

    /** Their files as whoever keeps them completes them. */
    static ArrayNode tree(List<Part> parts) {
        var tree = JsonNodeFactory.instance.arrayNode();
        parts.forEach(part -> tree.add(part.tree()));
        return tree;
    }

    static void checkParts(List<Part> parts, String at, Limits limits) {
        if (parts == null) {
            throw Refusals.missing(at);
        }
        var size = new MessageSize();
        for (int i = 0; i < parts.size(); i++) {
            var here = at + "[" + i + "]";
            if (parts.get(i) != null && "file".equals(parts.get(i).type())) {
                checkFile(parts.get(i), here);
                size.file();
            } else {
                size.text(text(parts.get(i), here));
            }
        }
        size.check(limits, at);
    }

    private static void checkFile(Part part, String at) {
        if (part.text() != null) {
            throw Refusals.badValue(at + ".text", "A file has no text. Send the text as a part of its own.");
        }
        if ((part.url() == null) == (part.fileId() == null)) {
            throw Refusals.missing(at + ".url");
        }
        if (part.file().isEmpty()) {
            throw Refusals.badValue(
                    at + (part.url() == null ? ".fileId" : ".url"),
                    "Files are taken from /api/files only; nothing is fetched from elsewhere. POST the file there, and "
                            + "send what was answered.");
        }
    }

    private static String text(Part part, String at) {
        if (part == null) {
            throw Refusals.badValue(at, "A part is an object such as {\"type\":\"text\",\"text\":\"Hello\"}.");
        }
        if (part.type() == null) {
            throw Refusals.missing(at + ".type");
        }
        if (!part.type().equals("text")) {
            throw Refusals.badValue(at + ".type", "Only parts of the types text and file are taken. Leave others out.");
        }
        if (part.text() == null) {
            throw Refusals.missing(at + ".text");
        }
        return part.text();
    }

    static void checkOnTakeover(String onTakeover) {
        if (onTakeover != null && !Set.of("continue", "restart", "fail").contains(onTakeover)) {
            throw Refusals.badValue("onTakeover", "onTakeover is continue, restart or fail. Use one of them.");
        }
    }

    static void checkOnBusy(String onBusy) {
        if (onBusy != null && !Set.of("enqueue", "reject", "interrupt").contains(onBusy)) {
            throw Refusals.badValue("onBusy", "onBusy is enqueue, reject or interrupt. Use one of them.");
        }
    }
}
