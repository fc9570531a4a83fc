package dev.continuo.soak;

import java.time.Duration;

/** What can go wrong, how often against the others, and for how long. */
enum FaultKind {
    NODE_KILL(Family.NODE, 5, 0, 3_000),
    NODE_TERM(Family.NODE, 4, 0, 1_000),
    NODE_PAUSE(Family.NODE, 12, 300, 4_000),
    NODE_FREEZE(Family.NODE, 6, 7_000, 10_000),
    BROKER_KILL(Family.BROKER, 6, 300, 5_000),
    BROKER_RESTART(Family.BROKER, 4, 0, 500),
    BROKER_EMPTY(Family.BROKER, 5, 300, 3_000),
    BROKER_FREEZE(Family.BROKER, 6, 500, 6_000),
    DATABASE_RESTART(Family.DATABASE, 5, 0, 4_000),
    BACKEND_KILL(Family.DATABASE, 14, 0, 0),
    ROW_LOCK(Family.DATABASE, 10, 500, 4_000),
    RUN_RELEASE(Family.NODE, 8, 0, 0),
    DB_DELAY(Family.NETWORK, 8, 1_000, 5_000),
    DB_TRICKLE(Family.NETWORK, 6, 1_000, 5_000),
    DB_CUT(Family.NETWORK, 8, 0, 0),
    DB_BLACK_HOLE(Family.NETWORK, 7, 1_000, 9_000),
    DB_HALF_OPEN(Family.NETWORK, 5, 1_000, 6_000),
    DB_LOST_ANSWER(Family.NETWORK, 12, 0, 3_000),
    DB_LOST_COMMIT(Family.NETWORK, 6, 0, 3_000),
    NATS_DELAY(Family.NETWORK, 8, 1_000, 5_000),
    NATS_TRICKLE(Family.NETWORK, 6, 1_000, 5_000),
    NATS_CUT(Family.NETWORK, 8, 0, 0),
    NATS_BLACK_HOLE(Family.NETWORK, 8, 1_000, 9_000),
    NATS_HALF_OPEN(Family.NETWORK, 5, 1_000, 6_000),
    PROVIDER_DELAY(Family.PROVIDER, 5, 1_000, 4_000),
    PROVIDER_CUT(Family.PROVIDER, 3, 0, 0),
    PROVIDER_BLACK_HOLE(Family.PROVIDER, 3, 1_000, 5_000),
    PROVIDER_REFUSED(Family.PROVIDER, 4, 1_000, 4_000);

    enum Family {
        NODE,
        BROKER,
        DATABASE,
        NETWORK,
        PROVIDER
    }

    final Family family;
    final int weight;
    final Duration shortest;
    final Duration longest;

    FaultKind(Family family, int weight, int shortest, int longest) {
        this.family = family;
        this.weight = weight;
        this.shortest = Duration.ofMillis(shortest);
        this.longest = Duration.ofMillis(longest);
    }

    /** Whether it befalls one node, or one node's lines. */
    boolean isOfOneNode() {
        return switch (family) {
            case NODE, NETWORK, PROVIDER -> this != RUN_RELEASE;
            case BROKER, DATABASE -> false;
        };
    }

    /** Whether the node is no use to anybody meanwhile, or until it has started again. */
    boolean disables() {
        return switch (this) {
            case NODE_KILL, NODE_TERM, NODE_FREEZE, DB_BLACK_HOLE -> true;
            default -> false;
        };
    }

    /** Whether somebody who is hit cannot know of an end meanwhile. */
    boolean blinds() {
        return switch (this) {
            case NODE_PAUSE,
                    NODE_FREEZE,
                    DATABASE_RESTART,
                    ROW_LOCK,
                    DB_DELAY,
                    DB_TRICKLE,
                    DB_BLACK_HOLE,
                    DB_HALF_OPEN,
                    PROVIDER_DELAY,
                    PROVIDER_BLACK_HOLE -> true;
            default -> false;
        };
    }

    boolean restarts() {
        return this == NODE_KILL || this == NODE_TERM;
    }

    String shown() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
