package dev.continuo.model;

import dev.continuo.model.OpenAiSettings.Patience;
import java.time.Clock;
import java.util.function.Consumer;

/** A model of an organisation's own provider. */
record EndpointModel(
        Endpoint endpoint, Passage passage, Patience patience, long outputLimit, int maxTokens, Clock clock)
        implements LanguageModel {
    @Override
    public ModelResult generate(Prompt prompt, Consumer<ModelEvent> sink, ModelCall call) throws ModelException {
        var asked = Thinking.askedFor(endpoint, prompt);
        var answer = new Answer(sink, outputLimit);
        var exchange = new Exchange(
                endpoint.dialect(),
                passage,
                asked.isEmpty() ? patience : patience.withThinkers(),
                new Refusals(clock, asked),
                call,
                answer);
        try {
            var request = Requests.of(prompt, endpoint.dialect(), asked).build();
            var model = Adapters.of(endpoint, asked, maxTokens);
            ExchangeClient.with(exchange, () -> model.chat(request, answer));
            return exchange.result();
        } catch (Failure failure) {
            throw failure.exception(answer.begun());
        }
    }
}
