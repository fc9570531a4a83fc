package dev.continuo.model;

import dev.continuo.egress.Egress;
import dev.continuo.model.ModelException.Kind;
import dev.continuo.model.OpenAiSettings.Patience;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which model answers a prompt: that of the configuration, or one at a provider that an organisation brought itself. */
@Singleton
public final class Models {
    private final OpenAiSettings settings;
    private final OpenAiModel openAi;
    private final ProviderDoor door;
    private final Egress egress;
    private final Turnstile turnstile;
    private final int maxTokens;
    private final Clock clock;

    @Inject
    Models(
            OpenAiSettings settings,
            OpenAiModel openAi,
            ProviderDoor door,
            Egress egress,
            Turnstile turnstile,
            @ConfigProperty(name = "continuo.anthropic.max-tokens") int maxTokens,
            Clock clock) {
        this.settings = settings;
        this.openAi = openAi;
        this.door = door;
        this.egress = egress;
        this.turnstile = turnstile;
        this.maxTokens = maxTokens;
        this.clock = clock;
    }

    /** Outside a container: the provider at {@code baseUrl}, without a key and with the usual patience. */
    public static Models at(String baseUrl, Clock clock) {
        return at(baseUrl, Egress.allowing(), clock);
    }

    /** The same; providers of organisations are reached through {@code egress}. */
    public static Models at(String baseUrl, Egress egress, Clock clock) {
        return at(baseUrl, Patience.USUAL, egress, clock);
    }

    static Models at(String baseUrl, Patience patience, Egress egress, Clock clock) {
        var settings = new OpenAiSettings(baseUrl, Optional.empty(), "scripted", patience, 2_097_152);
        var door = new ProviderDoor(settings);
        var turnstile = new Turnstile(1_000, 1_000, clock, System::nanoTime);
        return new Models(
                settings, new OpenAiModel(settings, door, turnstile, clock), door, egress, turnstile, 8_192, clock);
    }

    public LanguageModel choose(Prompt prompt) {
        return switch (prompt.route()) {
            case Route.Configured _ -> openAi;
            case Route.To(var first, var second)
            when second.isPresent() ->
                new WithFallback(at(first), at(second.get()), second.get().model());
            case Route.To(var first, var _) -> at(first);
            case Route.Nowhere(var code) ->
                (_, _, _) -> {
                    throw new Failure(Kind.REJECTED, code, "the message chose a model that cannot be asked")
                            .exception(false);
                };
        };
    }

    /** Which model is asked first, by its provider's name for it. */
    public String nameOf(Prompt prompt) {
        return switch (prompt.route()) {
            case Route.Configured _ -> prompt.model().orElse(settings.model());
            case Route.To(var first, var _) -> first.model();
            case Route.Nowhere(var code) -> code;
        };
    }

    private LanguageModel at(Endpoint endpoint) {
        var passage = turnstile.before(Passage.guarded(door, egress), endpoint.credential());
        return new EndpointModel(endpoint, passage, settings.patience(), settings.outputLimit(), maxTokens, clock);
    }
}
