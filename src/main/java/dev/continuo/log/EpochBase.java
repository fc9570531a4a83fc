package dev.continuo.log;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A row of {@code run_epochs}: the epoch exists for readers from then on and voids every idx above {@code base} that a
 * smaller epoch wrote.
 *
 * @param claim the claim that opened it; empty for a terminal written by someone else
 * @param voided the highest idx above the base that a smaller epoch may have shown; empty if none
 * @param voidedUnknown the fold or the marker was skipped, so anything may have been shown
 */
public record EpochBase(
        long epoch, int base, Optional<UUID> claim, OptionalInt voided, boolean voidedUnknown, String reason) {}
