package dev.continuo.model;

import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.PromptMessage.Role;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Models behind OpenAI's chat completions, through LangChain4j over an HTTP client of our own. LangChain4j makes the
 * request and reads the events; when and why the stream ends is decided in {@link Exchange}.
 */
@Singleton
final class OpenAiModel implements LanguageModel {
    private static final String CUT_SHORT = "\n\n[This answer was cut short here.]";

    private final OpenAiSettings settings;
    private final ProviderDoor door;
    private final Clock clock;
    private final OpenAiStreamingChatModel model;

    @Inject
    OpenAiModel(OpenAiSettings settings, ProviderDoor door, Clock clock) {
        this.settings = settings;
        this.door = door;
        this.clock = clock;
        // The constructor, because builder() looks for extensions with the context class loader.
        this.model = new OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder()
                .httpClientBuilder(new ExchangeClient.Builder())
                .baseUrl(settings.baseUrl())
                .apiKey(settings.apiKey().orElse(null))
                .modelName(settings.model())
                .returnThinking(true)
                .build();
    }

    @Override
    public ModelResult generate(Prompt prompt, Consumer<ModelEvent> sink, ModelCall call) throws ModelException {
        var answer = new Answer(sink, settings.outputLimit());
        var exchange = new Exchange(door, settings.patience(), new Refusals(clock), call, answer);
        var request = request(prompt);
        try {
            ExchangeClient.with(exchange, () -> model.chat(request, answer));
            return answer.result(exchange.finishReason());
        } catch (Failure failure) {
            throw failure.exception(answer.begun());
        }
    }

    private static ChatRequest request(Prompt prompt) throws ModelException {
        if (prompt.messages().stream().allMatch(m -> m.text().isBlank())) {
            throw new Failure(Kind.REJECTED, "prompt_empty", "the prompt has no text").exception(false);
        }
        var request = ChatRequest.builder()
                .messages(prompt.messages().stream()
                        .filter(m -> !m.text().isBlank() || m.role() == Role.USER)
                        .map(OpenAiModel::message)
                        .toList());
        prompt.model().ifPresent(request::modelName);
        prompt.temperature().ifPresent(request::temperature);
        return request.build();
    }

    private static ChatMessage message(PromptMessage message) {
        return switch (message.role()) {
            case SYSTEM -> SystemMessage.from(message.text());
            case USER -> UserMessage.from(message.text());
            case ASSISTANT -> AiMessage.from(message.partial() ? message.text() + CUT_SHORT : message.text());
        };
    }
}
