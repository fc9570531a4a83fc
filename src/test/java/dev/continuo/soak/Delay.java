package dev.continuo.soak;

/** From the provider's sending of a chunk to its arrival at somebody who was watching already. */
record Delay(long at, long millis) {}
