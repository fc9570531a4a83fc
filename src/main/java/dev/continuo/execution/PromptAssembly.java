package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.catalog.Catalog;
import dev.continuo.catalog.Choice;
import dev.continuo.catalog.Wish;
import dev.continuo.file.FileParts;
import dev.continuo.model.Attachment;
import dev.continuo.model.Prompt;
import dev.continuo.model.PromptMessage;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.run.Claim;
import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What a run asks its model: the instructions, the agent's, the messages of smaller turns as far back as the agent looks,
 * and its own. It depends on the database alone, so the node that takes a run over asks the same.
 */
@Singleton
public class PromptAssembly {
    private final Messages messages;
    private final Attachments attachments;
    private final BiFunction<UUID, Wish, Choice> catalog;
    private final Optional<String> instructions;

    @Inject
    public PromptAssembly(
            Messages messages,
            Attachments attachments,
            Catalog catalog,
            @ConfigProperty(name = "continuo.instructions") Optional<String> instructions) {
        this(messages, attachments, catalog::choose, instructions);
    }

    PromptAssembly(
            Messages messages,
            Attachments attachments,
            BiFunction<UUID, Wish, Choice> catalog,
            Optional<String> instructions) {
        this.messages = messages;
        this.attachments = attachments;
        this.catalog = catalog;
        this.instructions = instructions;
    }

    /** A prompt whose files are not read yet: they need room. */
    record Draft(Claim claim, Choice choice, List<StoredMessage> stored, Attachments.Chosen files) {}

    Draft draft(Claim claim) {
        var options = claim.options();
        var choice = catalog.apply(claim.org(), new Wish(options.agent(), options.tier(), options.model()));
        var stored = messages.promptOf(claim.thread(), claim.turn(), choice.history());
        return new Draft(claim, choice, stored, attachments.choose(claim.thread(), stored));
    }

    Prompt of(Draft draft) {
        var options = draft.claim().options();
        var choice = draft.choice();
        var asked = asked(draft);
        var system = Stream.of(instructions, choice.instructions())
                .flatMap(Optional::stream)
                .map(text -> new PromptMessage(Role.SYSTEM, text, false));
        List<PromptMessage> all = Stream.concat(system, asked).toList();
        var temperature = options.temperature().isPresent() ? options.temperature() : choice.temperature();
        return new Prompt(all, options.model(), temperature, Routes.of(choice));
    }

    /** Where it is cut, it begins with what somebody asked: some providers refuse an answer that answers nothing. */
    private Stream<PromptMessage> asked(Draft draft) {
        var files = attachments.of(draft.files());
        var all = draft.stored().stream()
                .flatMap(m -> told(m, files))
                .filter(m -> !m.text().isEmpty()
                        || !m.uses().isEmpty()
                        || !m.attachments().isEmpty());
        return draft.choice().history().isEmpty() ? all : all.dropWhile(m -> m.role() != Role.USER);
    }

    private static Stream<PromptMessage> told(StoredMessage stored, Map<UUID, Attachment> files) {
        return switch (stored.role()) {
            case "assistant" -> Transcript.of(stored.parts(), !stored.complete()).stream();
            case "system" -> Stream.of(new PromptMessage(Role.SYSTEM, text(stored.parts()), false));
            default ->
                Stream.of(PromptMessage.showing(
                        FileParts.in(stored.parts()).stream()
                                .map(files::get)
                                .filter(Objects::nonNull)
                                .toList(),
                        text(stored.parts())));
        };
    }

    private static String text(JsonNode parts) {
        return StreamSupport.stream(parts.spliterator(), false)
                .filter(part -> part.path("type").asText().equals("text"))
                .map(part -> part.path("text").asText())
                .collect(Collectors.joining("\n"));
    }
}
