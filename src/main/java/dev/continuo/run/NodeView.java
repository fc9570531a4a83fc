package dev.continuo.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A node as the database sees it.
 *
 * @param beatAge since its last renewal
 * @param leaseLeft negative where it is over
 * @param late it lives and one beat is missing: an alarm before it is a death
 * @param lockHeld what its last renewal said
 * @param running how many runs it owns
 */
public record NodeView(
        String name,
        UUID boot,
        Duration beatAge,
        Duration leaseLeft,
        boolean late,
        boolean lockHeld,
        boolean draining,
        boolean drainAsked,
        int running,
        String loadJson,
        Optional<String> url,
        Instant startedAt) {
    public boolean isAlive() {
        return !leaseLeft.isNegative();
    }
}
