package dev.continuo.chat;

import dev.continuo.log.EpochBase;
import java.util.List;

/**
 * How one client asked for a run.
 *
 * @param after it has that many chunks already
 * @param past whether the past comes in few chunks or as it was
 */
record Viewing(Projection.Reader reader, Declared declared, int after, Past past) {
    enum Past {
        COMPACTED,
        EXACT,
        /** The client has it: it begins with the id of its message, and goes on. */
        KNOWN
    }

    /** The answer to a POST: exact, because the client may be one that counts. */
    static Viewing fresh(Projection.Reader reader, Declared declared) {
        return new Viewing(reader, declared, 0, Past.EXACT);
    }

    /** What follows an answer that the client gave to a question; it has all that came before. */
    static Viewing following(Projection.Reader reader, Declared declared, int after) {
        return new Viewing(reader, declared, after, Past.KNOWN);
    }

    static Viewing replay(Declared declared) {
        return new Viewing(Projection.Reader.CHAT, declared, 0, Past.COMPACTED);
    }

    static Viewing counting(Declared declared, int after) {
        return new Viewing(Projection.Reader.COUNTING, declared, after, Past.EXACT);
    }

    /**
     * Some of what the client counts may have been taken back: a number names no epoch, so an epoch that voided
     * anything that may have been shown, below what the client has, mixes two texts.
     */
    boolean mayMixTexts(List<EpochBase> bases) {
        return past != Past.KNOWN
                && bases.stream().anyMatch(b -> b.base() < after && (b.voided().isPresent() || b.voidedUnknown()));
    }
}
