package dev.continuo.thread;

import java.util.UUID;

/**
 * A thread that somebody is making a title for.
 *
 * @param attempt of this job, 1..; a later one makes this one's title void
 * @param run whose message and answer say what the thread is about
 */
public record TitleJob(UUID thread, UUID org, int attempt, UUID run) {}
