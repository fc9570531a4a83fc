package dev.continuo.model;

import dev.continuo.secrets.Credential;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.mistralai.MistralAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.Optional;

/** LangChain4j's models, over our own HTTP. By their constructors where they have one:
 * {@code builder()} may look for extensions with the context class loader. */
final class Adapters {
    /** For servers that want no key where LangChain4j wants one. */
    private static final String NO_KEY = "none";

    private Adapters() {}

    /**
     * @param thinking how hard the model is asked to think in this call
     * @param maxTokens of an answer, for the one provider that has to be told
     */
    static StreamingChatModel of(Endpoint endpoint, Optional<Effort> thinking, int maxTokens) {
        var http = new ExchangeClient.Builder();
        var key = endpoint.key().map(Credential::reveal).orElse(NO_KEY);
        return switch (endpoint.dialect()) {
            case OPENAI ->
                new OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder()
                        .httpClientBuilder(http)
                        .baseUrl(endpoint.baseUrl())
                        .apiKey(endpoint.key().map(Credential::reveal).orElse(null))
                        .modelName(endpoint.model())
                        .returnThinking(true)
                        .reasoningEffort(thinking.map(Effort::word).orElse(null))
                        .build();
            case ANTHROPIC -> {
                var model = new AnthropicStreamingChatModel.AnthropicStreamingChatModelBuilder()
                        .httpClientBuilder(http)
                        .baseUrl(endpoint.baseUrl())
                        .apiKey(key)
                        .modelName(endpoint.model())
                        .maxTokens(maxTokens)
                        .returnThinking(true)
                        .sendThinking(true);
                thinking.ifPresent(effort -> Thinking.ask(model, endpoint, effort, maxTokens));
                yield model.build();
            }
            case GEMINI ->
                GoogleAiGeminiStreamingChatModel.builder()
                        .httpClientBuilder(http)
                        .baseUrl(endpoint.baseUrl())
                        .apiKey(key)
                        .modelName(endpoint.model())
                        .returnThinking(true)
                        .sendThinking(true)
                        .thinkingConfig(thinking.map(effort -> Thinking.gemini(endpoint, effort))
                                .orElse(null))
                        .build();
            case MISTRAL ->
                new MistralAiStreamingChatModel.MistralAiStreamingChatModelBuilder()
                        .httpClientBuilder(http)
                        .baseUrl(endpoint.baseUrl())
                        .apiKey(key)
                        .modelName(endpoint.model())
                        .returnThinking(true)
                        .build();
        };
    }
}
