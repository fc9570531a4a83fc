package dev.continuo.attach;

import dev.continuo.log.Known;
import dev.continuo.log.RunSnapshot;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a tail asks PostgreSQL. */
interface StoredRuns {
    /** Empty where the run does not exist; holds the segments that end above {@code aboveIdx}. */
    Optional<RunSnapshot> snapshot(UUID run, int aboveIdx);

    /** Where PostgreSQL stands with each of these runs, in one query; a deleted run is missing. */
    Map<UUID, Known> known(Collection<UUID> runs);
}
