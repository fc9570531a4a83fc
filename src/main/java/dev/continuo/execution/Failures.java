package dev.continuo.execution;

import static java.util.Map.entry;

import dev.continuo.run.Outcome;
import java.util.Map;
import java.util.Optional;

/** What a failed run says to people; the codes are stable. */
final class Failures {
    private static final Map<String, String> SENTENCES = Map.ofEntries(
            entry(
                    "attempts_exhausted",
                    "The answer could not be completed: the model's provider or the server failed three times. What was"
                            + " received is kept. Send the message again to retry."),
            entry("too_long", "The answer was cut off because it passed the limit of its length or time."),
            entry("record_refused", "The answer held something that could not be stored. What was stored is kept."),
            entry(
                    "owner_lost",
                    "The server that worked on this answer is gone, and this run asked not to be taken over."),
            entry(
                    "tools_unavailable",
                    "A server of this agent's tools cannot be reached. Try again in a few minutes, or ask your"
                            + " administrator to check it."),
            entry(
                    "no_room",
                    "The files of this conversation found no room in the servers' memory. Try again when they are less"
                            + " busy, or begin a conversation with fewer files."),
            entry(
                    "tool_outcome_unknown",
                    "The server was lost while a tool was at work, and nobody knows whether it has done what it was asked."
                            + " It was not called again. Look at what it should have changed before you send the message"
                            + " again."),
            entry(
                    "step_limit",
                    "The agent took as many steps as it may and did not come to an end. What it said is kept. Send a message"
                            + " to let it go on."),
            entry("rate_limited", "The model's provider is overloaded. Try again in a few minutes."),
            entry("provider_unavailable", "The model's provider does not answer. Try again in a few minutes."),
            entry("provider_unreachable", "The model's provider cannot be reached. Try again in a few minutes."),
            entry("provider_auth", "The model's provider refused our key. Ask your administrator to check it."),
            entry(
                    "key_required",
                    "The model's provider has no key, or lost it when its address changed. Ask your administrator to set"
                            + " one."),
            entry(
                    "credential_unreadable",
                    "The key of the model's provider cannot be opened. Ask the operator to check the server's keys."),
            entry(
                    "address_refused",
                    "The model's provider is at an address that this server does not call. Ask your administrator."),
            entry("unknown_agent", "The agent that this message was sent to is gone. Send it to another one."),
            entry("unknown_tier", "The kind of model that this message asked for is gone. Ask for another one."),
            entry("unknown_model", "The model that this message asked for is gone. Ask for another one."),
            entry("provider_quota", "The account at the model's provider is used up. Ask your administrator."),
            entry(
                    "thinking_refused",
                    "The model does not think as it was asked to. Ask your administrator to set the tier's thinking to off,"
                            + " or to give the tier a model that thinks."),
            entry("model_not_found", "The model's provider does not know this model. Choose another one."),
            entry(
                    "context_too_long",
                    "The conversation is too long for this model. Start a new one, or choose a model with more room."),
            entry(
                    "provider_rejected",
                    "The model's provider refused the request. Ask your administrator to check the model settings."));

    private Failures() {}

    static Outcome of(String code) {
        return Outcome.failed(
                code,
                SENTENCES.getOrDefault(
                        code, "The model's provider failed (" + code + "). Send the message again to retry."),
                Optional.empty());
    }
}
