package dev.continuo.watch;

import java.util.Optional;
import java.util.UUID;

/**
 * What a list of conversations shows of one.
 *
 * @param shownId the client's id where it brought one
 * @param run the run in the seat, else the last one
 * @param state the API's word for its state; {@code idle} where there never was a run
 * @param waiting how many messages wait behind the seat
 * @param edits grows with every change of a waiting message
 */
record ThreadStatus(
        UUID org,
        String creator,
        String shownId,
        Optional<String> title,
        Optional<UUID> run,
        String state,
        int waiting,
        int edits) {}
