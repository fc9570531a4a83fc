package dev.continuo.catalog;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Somebody to talk to: what it is told before every prompt, which model speaks for it, and what it may use.
 *
 * @param history how many of a thread's last messages it is shown; all where empty
 */
record Agent(
        String id,
        String instructions,
        Optional<String> tier,
        OptionalDouble temperature,
        OptionalInt history,
        AgentTools tools) {
    static Agent plain(String id) {
        return new Agent(id, "", Optional.empty(), OptionalDouble.empty(), OptionalInt.empty(), AgentTools.NONE);
    }
}
