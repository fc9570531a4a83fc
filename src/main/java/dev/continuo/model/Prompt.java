package dev.continuo.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a model is asked: the same thread gives the same prompt on every node. */
public record Prompt(List<PromptMessage> messages, Optional<String> model, OptionalDouble temperature, Route route) {
    public Prompt {
        messages = List.copyOf(messages);
        Objects.requireNonNull(route);
    }

    /** To the provider of the configuration. */
    public Prompt(List<PromptMessage> messages, Optional<String> model, OptionalDouble temperature) {
        this(messages, model, temperature, new Route.Configured());
    }
}
