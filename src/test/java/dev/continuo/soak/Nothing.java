package dev.continuo.soak;

/** A 204 to somebody who wanted to resume a thread's answer; milliseconds of the wall clock. */
record Nothing(String thread, String node, long asked, long answered) {}
