package dev.continuo.log;

import java.util.Optional;
import java.util.UUID;

/**
 * The end of a run, as PostgreSQL has it; nobody believes an end from anywhere else.
 *
 * @param state {@code completed}, {@code failed} or {@code cancelled}
 * @param epoch the last epoch of the run, 0 where it was never claimed
 * @param n the number of records
 * @param sha256 lower hex over the UTF-8 of all text deltas in idx order; empty where there was no text
 * @param usageJson a JSON object, or empty
 * @param answerId the id of the stored answer; empty where there is none
 */
public record Terminal(
        String state,
        long epoch,
        int n,
        Optional<String> sha256,
        Optional<String> usageJson,
        UUID messageId,
        Optional<UUID> answerId,
        Optional<String> errorCode) {}
