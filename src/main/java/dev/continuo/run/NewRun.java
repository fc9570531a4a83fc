package dev.continuo.run;

import java.util.Optional;
import java.util.UUID;

/**
 * A run before it has its row.
 *
 * @param message what it answers
 * @param parent the run that it continues
 * @param replaces the run whose answer it is instead of
 */
public record NewRun(
        UUID id,
        UUID thread,
        UUID org,
        long turn,
        UUID message,
        Optional<UUID> parent,
        Optional<UUID> replaces,
        UUID answerId,
        RunOptions options) {}
