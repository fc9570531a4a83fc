package dev.continuo.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Which fault befalls whom, when, and for how long: a function of the seed. About a quarter of the time is calm. At most
 * one node is of no use at a time, because the promises need one and a machine of two cores can start no more at once;
 * faults of different targets overlap as they like.
 */
record FaultPlan(List<Planned> faults) {
    /** How long a node takes to be ready again at worst, so that the next one is not hit before. */
    private static final Duration START = Duration.ofSeconds(35);

    FaultPlan {
        faults = List.copyOf(faults);
    }

    /** @param node from 1; 0 where it is of no single node */
    record Planned(Duration at, FaultKind kind, int node, Duration length) {
        Duration until() {
            return at.plus(length);
        }
    }

    static FaultPlan of(long seed, int nodes, Duration during, Duration pace) {
        return new FaultPlan(new Draw(new Random(seed), nodes).all(during, pace));
    }

    private static final class Draw {
        private final Random random;
        private final int nodes;
        private final Map<FaultKind.Family, Duration> serverBusyUntil = new EnumMap<>(FaultKind.Family.class);
        private final Duration[] busyUntil;
        private Duration disabledUntil = Duration.ZERO;
        private Duration calmUntil = Duration.ZERO;

        Draw(Random random, int nodes) {
            this.random = random;
            this.nodes = nodes;
            this.busyUntil = new Duration[nodes + 1];
            java.util.Arrays.fill(busyUntil, Duration.ZERO);
        }

        List<Planned> all(Duration during, Duration pace) {
            var faults = new ArrayList<Planned>();
            Duration at = Duration.ofSeconds(3);
            while (at.compareTo(during) < 0) {
                if (random.nextInt(30) == 0) {
                    calmUntil = at.plusMillis(10_000 + random.nextInt(12_000));
                }
                if (at.compareTo(calmUntil) >= 0) {
                    for (int tries = 0; tries < 4 && !one(at, faults); tries++) {
                        // Whoever was drawn has its hands full.
                    }
                }
                at = at.plusMillis(pace.toMillis() / 2 + random.nextLong(pace.toMillis() + 1));
            }
            return faults;
        }

        private boolean one(Duration at, List<Planned> faults) {
            FaultKind kind = kind();
            int node = kind.isOfOneNode() ? 1 + random.nextInt(nodes) : 0;
            long spread = kind.longest.minus(kind.shortest).toMillis();
            Duration length = kind.shortest.plusMillis(random.nextLong(spread + 1));
            Duration busy = at.plus(length).plus(kind.restarts() ? START : Duration.ofSeconds(1));
            if (kind.isOfOneNode()) {
                if (at.compareTo(busyUntil[node]) < 0 || kind.disables() && at.compareTo(disabledUntil) < 0) {
                    return false;
                }
                busyUntil[node] = busy;
                disabledUntil = kind.disables() ? busy : disabledUntil;
            } else {
                if (at.compareTo(serverBusyUntil.getOrDefault(kind.family, Duration.ZERO)) < 0) {
                    return false;
                }
                serverBusyUntil.put(kind.family, busy);
            }
            return faults.add(new Planned(at, kind, node, length));
        }

        private FaultKind kind() {
            int all = 0;
            for (FaultKind kind : FaultKind.values()) {
                all += kind.weight;
            }
            int drawn = random.nextInt(all);
            for (FaultKind kind : FaultKind.values()) {
                drawn -= kind.weight;
                if (drawn < 0) {
                    return kind;
                }
            }
            throw new AssertionError();
        }
    }
}
