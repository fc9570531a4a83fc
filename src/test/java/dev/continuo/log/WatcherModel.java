package dev.continuo.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * One random schedule: a thread of runs, their owners and zombies, a broker that loses what it can, two nodes with
 * shared tails, and watchers who come and go. Every promise is checked after every step that touches it.
 */
final class WatcherModel {
    private static final int STEPS = 320;
    private static final int NODES = 2;

    private final Random random;
    private final Mechanisms mechanisms;
    private final SimDatabase db;
    private final SimBus bus;
    private final List<SimOwner> owners = new ArrayList<>();
    private final List<SimWatcher> watchers = new ArrayList<>();
    private final List<List<NodeTail>> nodes = new ArrayList<>();
    private final Tally tally = new Tally();

    private record NodeTail(SimTail.Visibility visibility, SimTail tail) {}

    /** What happened, to show that the schedules are worth something. */
    static final class Tally {
        int runs;
        int claims;
        int forks;
        int adopted;
        int rewinds;
        int losses;
        int foreignEnds;

        synchronized void add(Tally other) {
            runs += other.runs;
            claims += other.claims;
            forks += other.forks;
            adopted += other.adopted;
            rewinds += other.rewinds;
            losses += other.losses;
            foreignEnds += other.foreignEnds;
        }

        @Override
        public String toString() {
            return "runs=" + runs + " claims=" + claims + " forks=" + forks + " adoptions=" + adopted + " rewinds="
                    + rewinds + " storeLosses=" + losses + " foreignTerminals=" + foreignEnds;
        }
    }

    private WatcherModel(long seed, Mechanisms mechanisms) {
        this.random = new Random(seed);
        this.mechanisms = mechanisms;
        this.db = new SimDatabase(random, mechanisms.fencing());
        this.bus = new SimBus(random);
        for (int i = 0; i < NODES; i++) {
            nodes.add(new ArrayList<>());
        }
        for (int i = 0; i < 4; i++) {
            watchers.add(new SimWatcher(random, this, i == 3 ? SimTail.Visibility.COMMITTED : SimTail.Visibility.LIVE));
        }
    }

    /** @throws Violation where a promise breaks */
    static Tally run(long seed, Mechanisms mechanisms) {
        var model = new WatcherModel(seed, mechanisms);
        model.live();
        model.heal();
        return model.counted();
    }

    SimDatabase db() {
        return db;
    }

    Mechanisms mechanisms() {
        return mechanisms;
    }

    /** The tail of a random node, shared by its watchers. */
    SimTail tail(UUID run, SimTail.Visibility visibility) {
        var node = nodes.get(random.nextInt(NODES));
        for (var t : node) {
            if (t.visibility() == visibility && t.tail().run().equals(run)) {
                return t.tail();
            }
        }
        var tail = new SimTail(random, db, bus, run, visibility, mechanisms.rules());
        node.add(new NodeTail(visibility, tail));
        return tail;
    }

    private void live() {
        db.post();
        for (int i = 0; i < STEPS; i++) {
            int a = random.nextInt(1000);
            if (a < 430) {
                ownerStep();
            } else if (a < 500) {
                claim();
            } else if (a < 520) {
                trouble();
            } else if (a < 526) {
                bus.away = !bus.away && random.nextBoolean();
            } else if (a < 534) {
                breakBus();
            } else if (a < 540 && db.rows.size() < 4) {
                db.post();
            } else if (a < 545) {
                db.cancel(db.rows.get(random.nextInt(db.rows.size())));
            } else if (a < 548) {
                db.forgetSegments(db.rows.get(random.nextInt(db.rows.size())));
            } else if (a < 560) {
                watchers.get(random.nextInt(watchers.size())).disconnect();
            } else if (a < 562) {
                restart(nodes.get(random.nextInt(NODES)));
            } else if (a < 790) {
                tailStep();
            } else {
                watchers.get(random.nextInt(watchers.size())).step();
            }
        }
    }

    /** An owner of late: the last ones are where the races are. */
    private void ownerStep() {
        if (!owners.isEmpty()) {
            owners.get(owners.size() - 1 - random.nextInt(Math.min(3, owners.size())))
                    .step();
        }
    }

    private void claim() {
        db.seat().ifPresent(row -> {
            if (row.state == SimDatabase.State.RUNNING && random.nextInt(5) == 0) {
                db.giveBack(row);
            }
            if (row.state == SimDatabase.State.READY) {
                owners.add(new SimOwner(random, db, bus, row));
                tally.claims++;
            }
        });
    }

    private void trouble() {
        if (owners.isEmpty()) {
            return;
        }
        var owner = owners.get(owners.size() - 1 - random.nextInt(Math.min(3, owners.size())));
        if (random.nextInt(3) > 0) {
            owner.paused = !owner.paused;
            return;
        }
        owner.die();
        if (owner.row().state == SimDatabase.State.RUNNING) {
            db.giveBack(owner.row());
        }
    }

    private void breakBus() {
        if (random.nextBoolean()) {
            bus.loseStore();
            tally.losses++;
        } else {
            bus.discardOld();
        }
    }

    private void restart(List<NodeTail> node) {
        for (var t : node) {
            bus.unsubscribe(t.tail());
            watchers.stream().filter(w -> w.tail() == t.tail()).forEach(SimWatcher::disconnect);
        }
        node.clear();
    }

    private void tailStep() {
        var node = nodes.get(random.nextInt(NODES));
        if (!node.isEmpty()) {
            node.get(random.nextInt(node.size())).tail().step();
        }
    }

    /** Everything works again: all runs end, and everyone sees it. */
    private void heal() {
        bus.away = false;
        for (int guard = 0; db.seat().isPresent(); guard++) {
            Violation.unless(guard < 5_000, "I2 a run never ends");
            var row = db.seat().get();
            boolean owned = owners.stream().anyMatch(o -> o.row() == row && !o.isGone() && !o.paused && o.owns());
            if (!owned) {
                if (row.state == SimDatabase.State.RUNNING) {
                    db.giveBack(row);
                }
                owners.add(new SimOwner(random, db, bus, row));
            }
            owners.removeIf(SimOwner::isGone);
            List.copyOf(owners).forEach(SimOwner::step);
            tailStep();
        }
        for (int round = 0; !watchers.stream().allMatch(SimWatcher::isDone); round++) {
            Violation.unless(round < 300, "a watcher never sees the end");
            nodes.forEach(node -> List.copyOf(node).forEach(t -> {
                t.tail().lookAtProgress();
                t.tail().step();
            }));
            watchers.stream().filter(w -> !w.isDone()).forEach(SimWatcher::step);
        }
    }

    private Tally counted() {
        tally.runs = db.rows.size();
        for (var row : db.rows) {
            for (var b : row.bases) {
                tally.forks += b.reason().equals("fork") ? 1 : 0;
                tally.foreignEnds += b.reason().equals("cancel") ? 1 : 0;
            }
        }
        tally.adopted = db.adoptions;
        tally.rewinds = watchers.stream().mapToInt(w -> w.rewinds).sum();
        return tally;
    }
}
