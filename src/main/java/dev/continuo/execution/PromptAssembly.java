package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.model.Prompt;
import dev.continuo.model.PromptMessage;
import dev.continuo.model.PromptMessage.Role;
import dev.continuo.run.Claim;
import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What a run asks its model: the instructions, all messages of smaller turns, and its own. It depends on the database
 * alone, so the node that takes a run over asks the same.
 */
@Singleton
public class PromptAssembly {
    private final Messages messages;
    private final Optional<String> instructions;

    @Inject
    public PromptAssembly(
            Messages messages, @ConfigProperty(name = "continuo.instructions") Optional<String> instructions) {
        this.messages = messages;
        this.instructions = instructions;
    }

    Prompt of(Claim claim) {
        var asked = messages.promptOf(claim.thread(), claim.turn()).stream()
                .flatMap(PromptAssembly::told)
                .filter(m -> !m.text().isEmpty() || !m.uses().isEmpty());
        var system = instructions.map(text -> new PromptMessage(Role.SYSTEM, text, false)).stream();
        List<PromptMessage> all = Stream.concat(system, asked).toList();
        return new Prompt(all, claim.options().model(), claim.options().temperature());
    }

    private static Stream<PromptMessage> told(StoredMessage stored) {
        return switch (stored.role()) {
            case "assistant" -> Transcript.of(stored.parts(), !stored.complete()).stream();
            case "system" -> Stream.of(new PromptMessage(Role.SYSTEM, text(stored.parts()), false));
            default -> Stream.of(new PromptMessage(Role.USER, text(stored.parts()), false));
        };
    }

    private static String text(JsonNode parts) {
        return StreamSupport.stream(parts.spliterator(), false)
                .filter(part -> part.path("type").asText().equals("text"))
                .map(part -> part.path("text").asText())
                .collect(Collectors.joining("\n"));
    }
}
