package dev.continuo.execution;

import dev.continuo.catalog.Choice;
import dev.continuo.catalog.Choice.Target;
import dev.continuo.catalog.Choice.Where;
import dev.continuo.model.Dialect;
import dev.continuo.model.Effort;
import dev.continuo.model.Endpoint;
import dev.continuo.model.Route;
import java.util.Optional;

/** From what the catalogue chose to what a model is asked by. */
final class Routes {
    private Routes() {}

    static Route of(Choice choice) {
        return switch (choice.where()) {
            case Where.Configured _ -> new Route.Configured();
            case Where.Own(var first, var second) -> new Route.To(endpoint(first), second.map(Routes::endpoint));
            case Where.Nowhere(var code) -> new Route.Nowhere(code);
        };
    }

    private static Endpoint endpoint(Target target) {
        return new Endpoint(
                switch (target.kind()) {
                    case OPENAI -> Dialect.OPENAI;
                    case ANTHROPIC -> Dialect.ANTHROPIC;
                    case GEMINI -> Dialect.GEMINI;
                    case MISTRAL -> Dialect.MISTRAL;
                },
                target.provider(),
                target.baseUrl(),
                target.key(),
                target.model(),
                switch (target.thinking()) {
                    case OFF -> Optional.empty();
                    case LOW -> Optional.of(Effort.LOW);
                    case MEDIUM -> Optional.of(Effort.MEDIUM);
                    case HIGH -> Optional.of(Effort.HIGH);
                });
    }
}
