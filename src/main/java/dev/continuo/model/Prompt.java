package dev.continuo.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a model is asked: the same thread gives the same prompt on every node.
 *
 * @param tools what it may call, in an order that is the same on every node
 */
public record Prompt(
        List<PromptMessage> messages,
        List<ToolSpec> tools,
        Optional<String> model,
        OptionalDouble temperature,
        Route route) {
    public Prompt {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        Objects.requireNonNull(route);
    }

    /** Without tools. */
    public Prompt(List<PromptMessage> messages, Optional<String> model, OptionalDouble temperature, Route route) {
        this(messages, List.of(), model, temperature, route);
    }

    /** To the provider of the configuration. */
    public Prompt(List<PromptMessage> messages, Optional<String> model, OptionalDouble temperature) {
        this(messages, model, temperature, new Route.Configured());
    }

    public Prompt offering(List<ToolSpec> offered) {
        return new Prompt(messages, offered, model, temperature, route);
    }

    /** The same conversation, gone on. */
    public Prompt followedBy(List<PromptMessage> more) {
        var all = new ArrayList<>(messages);
        all.addAll(more);
        return new Prompt(all, tools, model, temperature, route);
    }
}
