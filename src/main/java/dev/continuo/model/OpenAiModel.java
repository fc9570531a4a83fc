package dev.continuo.model;

import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The model of the configuration, behind OpenAI's chat completions, through LangChain4j over an HTTP client of our own. LangChain4j makes the
 * request and reads the events; when and why the stream ends is decided in {@link Exchange}.
 */
@Singleton
final class OpenAiModel implements LanguageModel {
    /** Of the configuration's key, which has no row. */
    private static final UUID CREDENTIAL = new UUID(0, 0);

    private final OpenAiSettings settings;
    private final Passage passage;
    private final Clock clock;
    private final OpenAiStreamingChatModel model;

    @Inject
    OpenAiModel(OpenAiSettings settings, ProviderDoor door, Turnstile turnstile, Clock clock) {
        this(settings, turnstile.breakerBefore(Passage.trusted(door), CREDENTIAL), clock);
    }

    OpenAiModel(OpenAiSettings settings, Passage passage, Clock clock) {
        this.settings = settings;
        this.passage = passage;
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
        var exchange = new Exchange(Dialect.OPENAI, passage, settings.patience(), new Refusals(clock), call, answer);
        try {
            var request = Requests.of(prompt, Dialect.OPENAI);
            prompt.model().ifPresent(request::modelName);
            ExchangeClient.with(exchange, () -> model.chat(request.build(), answer));
            return exchange.result();
        } catch (Failure failure) {
            throw failure.exception(answer.begun());
        }
    }
}
