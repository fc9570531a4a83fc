package dev.continuo.execution;

import java.util.UUID;

/** A run that is being executed, and the claim it is executed under. */
public record Owned(UUID run, UUID claimId) {}
