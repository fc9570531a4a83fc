package dev.continuo.live;

import dev.continuo.log.LiveMessage;
import dev.continuo.log.LiveMessage.Delivered;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What is being written to a run right now, shared by all nodes. It may lose anything at any time: readers find holes by
 * idx and fill them from PostgreSQL. All methods may be called from many threads.
 */
public interface LiveLog {
    /** The most a message's payload may have; a NATS message of 1 MiB includes its headers. The caller splits. */
    int MAX_PAYLOAD = 1024 * 1024 - 4096;

    /**
     * Appends a message, if {@code expectedSeq} still is the sequence of the last message of this run (0: none). To
     * resend what was not acknowledged, call it again with the same arguments: that is stored once, and a repetition
     * answers with the sequence of the first. Blocks for at most the request timeout.
     *
     * @throws IllegalArgumentException where the message is larger than {@link #MAX_PAYLOAD}
     */
    PublishResult publish(UUID thread, UUID run, LiveMessage message, long expectedSeq);

    /** The run's last message, as the leader of the stream has it. */
    Optional<Delivered> last(UUID thread, UUID run) throws LiveUnavailable;

    /**
     * The run's messages after {@code afterSeq} up to the last one at the time of the call; all of them where the stream
     * was lost since, that is where {@code afterSeq} lies above the run's last sequence.
     */
    List<Delivered> replay(UUID thread, UUID run, long afterSeq) throws LiveUnavailable;

    /**
     * Hands each message that is stored from now on to {@code sink}, on one shared thread: the sink must not block. The
     * broker has confirmed the subscription when this returns, so a replay after it leaves no gap; where the broker is
     * away, the subscription starts when it is back.
     */
    Follow follow(UUID thread, UUID run, Consumer<Delivered> sink);

    /** Removes all messages of a deleted thread. Never to make a retry correct: readers may not see records go. */
    void forget(UUID thread) throws LiveUnavailable;

    /** False while messages cannot flow: readers then ask PostgreSQL more often. */
    boolean healthy();
}
