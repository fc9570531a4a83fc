package dev.continuo.nats;

import java.util.UUID;

/**
 * Every subject of Continuo is made here, and only of constants and UUIDs: the client library accepts {@code *} and
 * {@code >} in a subscription, so a subject made of text could listen to other people's threads.
 */
public final class Subjects {
    public static final String ALL_LOGS = "continuo.log.*.*";
    /** What the stream republishes a stored message to; the wildcards are those of {@link #ALL_LOGS}. */
    public static final String REPUBLISH = "continuo.live.{{wildcard(1)}}.{{wildcard(2)}}";

    static final String LOOK_NOW = "continuo.hint.look";
    static final String CANCEL = "continuo.hint.cancel";
    static final String THREAD = "continuo.hint.thread";
    static final String KEY = "continuo.hint.key";

    private Subjects() {}

    /** Where the owner of a run publishes. */
    public static String log(UUID thread, UUID run) {
        return "continuo.log." + thread + "." + run;
    }

    /** Where the owners of a thread's runs publish. */
    public static String logs(UUID thread) {
        return "continuo.log." + thread + ".*";
    }

    /** Where watchers of a run listen; only what is stored arrives here. */
    public static String live(UUID thread, UUID run) {
        return "continuo.live." + thread + "." + run;
    }
}
