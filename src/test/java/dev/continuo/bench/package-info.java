/** {@code bin/bench}: measures a cluster of this machine with a load client of its own. Nothing here is timed by a test. */
package dev.continuo.bench;
