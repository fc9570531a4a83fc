package dev.continuo.execution;

import dev.continuo.run.Outcome;
import java.util.Map;
import java.util.Optional;

/** What a failed run says to people; the codes are stable. */
final class Failures {
    private static final Map<String, String> SENTENCES = Map.of(
            "attempts_exhausted",
                    "The answer could not be completed: the model's provider or the server failed three times."
                            + " What was received is kept. Send the message again to retry.",
            "too_long", "The answer was cut off because it passed the limit of its length or time.",
            "record_refused", "The answer held something that could not be stored. What was stored is kept.",
            "owner_lost", "The server that worked on this answer is gone, and this run asked not to be taken over.",
            "provider_rate_limited", "The model's provider is overloaded. Try again in a few minutes.",
            "provider_unavailable", "The model's provider cannot be reached. Try again in a few minutes.",
            "provider_rejected",
                    "The model's provider refused the request. Ask your administrator to check the model settings.");

    private Failures() {}

    static Outcome of(String code) {
        return Outcome.failed(
                code,
                SENTENCES.getOrDefault(
                        code, "The model's provider failed (" + code + "). Send the message again to retry."),
                Optional.empty());
    }
}
