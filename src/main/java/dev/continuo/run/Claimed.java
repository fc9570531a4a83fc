package dev.continuo.run;

import java.util.List;

/**
 * What one look took.
 *
 * @param someLeft whether something that waits was left: there were no more slots, another node had it in its hands, or its
 *     organisation has as many running as it may
 */
public record Claimed(List<Claim> claims, boolean someLeft) {
    public Claimed {
        claims = List.copyOf(claims);
    }
}
