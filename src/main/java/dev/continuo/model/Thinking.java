package dev.continuo.model;

import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel.AnthropicStreamingChatModelBuilder;
import dev.langchain4j.model.googleai.GeminiThinkingConfig;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asking a model to think, in its provider's words. Anthropic and Gemini have two sets of them each, and refuse the wrong
 * one: a number of tokens for older models, a level for those since. Which one a model takes is known by its name alone.
 */
final class Thinking {
    /** The last ones that take nothing but a number: Claude 3, 4, 4.1 and 4.5. */
    private static final Pattern CLAUDE_OF_BUDGETS =
            Pattern.compile("claude-(?:3\\b.*|(?:opus|sonnet|haiku)-4(?:-[015])?(?:-\\d{8})?)$");

    private static final Pattern GEMINI_OF_BUDGETS = Pattern.compile("gemini-[12]\\b");

    private Thinking() {}

    /**
     * What is asked for in this call. A model of Anthropic's that takes a number refuses to think where a turn under way did
     * not begin with a thought of its own, as after a fallback.
     */
    static Optional<Effort> askedFor(Endpoint endpoint, Prompt prompt) {
        return endpoint.thinking()
                .filter(_ -> endpoint.dialect() != Dialect.ANTHROPIC
                        || !takesBudget(endpoint)
                        || beganWithAThought(prompt, endpoint.dialect()));
    }

    private static boolean beganWithAThought(Prompt prompt, Dialect by) {
        var messages = prompt.messages();
        int asked = messages.stream().map(PromptMessage::role).toList().lastIndexOf(PromptMessage.Role.USER);
        return messages.stream()
                .skip(asked + 1)
                .findFirst()
                .map(first ->
                        first.thoughts().stream().anyMatch(t -> t.signature().by() == by))
                .orElse(true);
    }

    private static boolean takesBudget(Endpoint endpoint) {
        return CLAUDE_OF_BUDGETS.matcher(endpoint.model()).find();
    }

    /** Thoughts are of the tokens of an answer, so they get room of their own. */
    static void ask(AnthropicStreamingChatModelBuilder model, Endpoint endpoint, Effort effort, int maxTokens) {
        int budget =
                switch (effort) {
                    case LOW -> 1_024;
                    case MEDIUM -> 4_096;
                    case HIGH -> 16_384;
                };
        model.maxTokens(maxTokens + budget);
        if (takesBudget(endpoint)) {
            model.thinkingType("enabled").thinkingBudgetTokens(budget);
        } else {
            model.thinkingType("adaptive")
                    .thinkingDisplay("summarized")
                    .customParameters(Map.of("output_config", Map.of("effort", effort.word())));
        }
    }

    static GeminiThinkingConfig gemini(Endpoint endpoint, Effort effort) {
        var config = GeminiThinkingConfig.builder().includeThoughts(true);
        return GEMINI_OF_BUDGETS.matcher(endpoint.model()).find()
                ? config.thinkingBudget(
                                switch (effort) {
                                    case LOW -> 1_024;
                                    case MEDIUM -> 8_192;
                                    case HIGH -> 24_576;
                                })
                        .build()
                : config.thinkingLevel(effort.word()).build();
    }
}
