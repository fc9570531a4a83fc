package dev.continuo.model;

import dev.continuo.model.OpenAiSettings.Patience;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/** Which model answers a prompt. There is one provider, from the configuration; a prompt may name another model of it. */
@Singleton
public final class Models {
    private final OpenAiModel openAi;

    @Inject
    Models(OpenAiModel openAi) {
        this.openAi = openAi;
    }

    /** Outside a container: the provider at {@code baseUrl}, without a key and with the usual patience. */
    public static Models at(String baseUrl, Clock clock) {
        var settings = new OpenAiSettings(baseUrl, Optional.empty(), "scripted", Patience.USUAL, 2_097_152);
        return new Models(new OpenAiModel(settings, new ProviderDoor(settings), clock));
    }

    public LanguageModel choose(Prompt prompt) {
        return openAi;
    }
}
