package dev.continuo.soak;

/** One call of the provider; {@code ended} is 0 while it is open. Milliseconds of the wall clock. */
record Call(String prompt, int number, long began, long ended) {}
