package dev.continuo.model;

import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.PromptMessage.Role;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;

/** A prompt in LangChain4j's words. */
final class Requests {
    private static final String CUT_SHORT = "\n\n[This answer was cut short here.]";

    private Requests() {}

    static ChatRequest.Builder of(Prompt prompt) {
        if (prompt.messages().stream().allMatch(m -> m.text().isBlank())) {
            throw new Failure(Kind.REJECTED, "prompt_empty", "the prompt has no text");
        }
        var request = ChatRequest.builder()
                .messages(prompt.messages().stream()
                        .filter(m -> !m.text().isBlank() || m.role() == Role.USER)
                        .map(Requests::message)
                        .toList());
        prompt.temperature().ifPresent(request::temperature);
        return request;
    }

    private static ChatMessage message(PromptMessage message) {
        return switch (message.role()) {
            case SYSTEM -> SystemMessage.from(message.text());
            case USER -> UserMessage.from(message.text());
            case ASSISTANT -> AiMessage.from(message.partial() ? message.text() + CUT_SHORT : message.text());
        };
    }
}
