package dev.continuo.nats;

import java.util.Optional;

/**
 * What a node knows about its way to NATS, for readiness data and metrics. Never a reason to be unready: without NATS
 * the product is slower, not wrong.
 *
 * @param failures since the start of the node
 * @param lastError the latest failure, cleared by nothing, so that an operator finds it afterwards
 */
public record NatsState(
        boolean producersConnected,
        boolean tailsConnected,
        boolean streamFound,
        long failures,
        long reconnects,
        long hintsDropped,
        Optional<String> lastError) {
    /** True where log messages can flow in both directions. */
    public boolean good() {
        return producersConnected && tailsConnected && streamFound;
    }
}
