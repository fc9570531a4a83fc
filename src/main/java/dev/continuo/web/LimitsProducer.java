package dev.continuo.web;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;

@Dependent
class LimitsProducer {
    @Produces
    @Singleton
    Limits limits(Config config) {
        var limits = new Limits(
                number(config, "body-bytes"),
                number(config, "chat-body-bytes"),
                number(config, "message-chars"),
                number(config, "file-bytes"),
                number(config, "files-per-message"),
                number(config, "event-bytes"),
                number(config, "output-bytes"),
                number(config, "queue-per-thread"),
                number(config, "queue-per-organisation"),
                number(config, "streams-per-user"),
                number(config, "streams-per-organisation"),
                config.getValue("continuo.limits.stream-life", Duration.class),
                rate(config, "user"),
                rate(config, "organisation"),
                rate(config, "failures"));
        return switch (config.getValue("continuo.limits", String.class)) {
            case "on" -> limits;
            case "off" -> limits.off();
            case String other ->
                throw new IllegalArgumentException("continuo.limits must be on or off, it is '" + other + "'");
        };
    }

    private static Limits.Rate rate(Config config, String of) {
        return new Limits.Rate(
                config.getValue("continuo.limits." + of + "-rate", Double.class), number(config, of + "-burst"));
    }

    private static int number(Config config, String name) {
        return config.getValue("continuo.limits." + name, Integer.class);
    }
}
