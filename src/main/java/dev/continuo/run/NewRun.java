package dev.continuo.run;

import java.util.UUID;

/** A run before it has its row. */
public record NewRun(UUID id, UUID thread, UUID org, long turn, UUID answerId, RunOptions options) {}
