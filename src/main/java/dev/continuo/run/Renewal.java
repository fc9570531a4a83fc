package dev.continuo.run;

/**
 * What a beat brings back: the figures that all nodes share, and what this node should know about itself.
 *
 * @param lockHeld whether {@code pg_locks} shows the session's lock; behind a pooler it never does, and then only the
 *     lease tells others that the node is gone
 * @param drainAsked an operator wants the node to leave
 */
public record Renewal(Cadence cadence, boolean lockHeld, boolean drainAsked) {}
