package dev.continuo.intake;

import dev.continuo.run.RunOptions;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * A wish for another answer to the same message.
 *
 * @param candidates ids of what shall be answered anew, an answer or the message; the first that is known counts
 */
public record Regeneration(
        UUID org, String subject, String thread, List<String> candidates, RunOptions options, OnBusy onBusy) {
    public Regeneration {
        Objects.requireNonNull(org);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(onBusy);
        candidates = List.copyOf(candidates);
    }
}
