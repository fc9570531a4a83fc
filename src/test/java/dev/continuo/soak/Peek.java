package dev.continuo.soak;

/** An attempt to see what is another organisation's; {@code status} is 0 where there was no answer. */
record Peek(String org, String path, int status) {}
