package dev.continuo.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The model of docs/scaling.md, played: runs whose provider speaks at a steady pace, nodes with so many cores, and one leader
 * that takes one message at a time. As in {@code Publisher}, a run has one message on its way, and what its provider says
 * meanwhile goes with the next one. Times in microseconds of a clock of its own, so it is the same on every machine.
 */
final class ScaleSimulation {
    /** Of a node's core: for a message on its way to the leader and back to readers, and for each chunk in it. */
    private static final double NODE_PER_MESSAGE = 230;

    private static final double NODE_PER_CHUNK = 60;
    /** Of the leader: for a message, and for each chunk in it. */
    private static final double LEADER_PER_MESSAGE = 10;

    private static final double LEADER_PER_CHUNK = 0.1;
    private static final double GAP = 50_000;

    /** @param cells deployments that share the load and know nothing of each other */
    record Load(int runs, int nodes, int coresPerNode, int cells) {}

    /**
     * @param medianMs from the provider's word until the leader has it
     * @param nodes share of their cores that is busy
     * @param leader share of its time that it is busy
     */
    record Result(double medianMs, double p99Ms, double chunksPerMessage, double nodes, double leader) {}

    private record Event(double at, int run, Kind kind) {
        enum Kind {
            SPEAK,
            NODE_DONE,
            LEADER_DONE
        }
    }

    private final int cores;
    private final int runs;
    private final int nodes;
    private final double end;
    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> Double.compare(a.at(), b.at()));
    private final double[][] unsent;
    private final double[][] underWay;
    private final boolean[] busy;
    private final List<Deque<Integer>> waiting;
    private final int[] freeCores;
    private final Deque<Integer> atLeader = new ArrayDeque<>();
    private boolean leaderBusy;
    private double nodeTime;
    private double leaderTime;
    private long messages;
    private final float[] latencies;
    private int taken;

    private ScaleSimulation(Load load, double seconds) {
        this.runs = load.runs() / load.cells();
        this.nodes = Math.max(1, load.nodes() / load.cells());
        this.end = seconds * 1e6;
        this.cores = load.coresPerNode();
        unsent = new double[runs][0];
        underWay = new double[runs][];
        busy = new boolean[runs];
        waiting = Stream.<Deque<Integer>>generate(ArrayDeque::new).limit(nodes).toList();
        freeCores = new int[nodes];
        Arrays.fill(freeCores, cores);
        latencies = new float[(int) (runs * (end / GAP + 2))];
    }

    static Result play(Load load, double seconds) {
        return new ScaleSimulation(load, seconds).play();
    }

    private Result play() {
        var random = new Random(runs);
        for (int run = 0; run < runs; run++) {
            events.add(new Event(random.nextDouble() * GAP, run, Event.Kind.SPEAK));
        }
        for (Event event = events.poll(); event != null && event.at() < end; event = events.poll()) {
            switch (event.kind()) {
                case SPEAK -> spoken(event);
                case NODE_DONE -> handedOver(event);
                case LEADER_DONE -> acknowledged(event);
            }
        }
        Arrays.sort(latencies, 0, taken);
        return new Result(
                latencies[taken / 2] / 1e3,
                latencies[(int) (taken * 0.99)] / 1e3,
                (double) taken / Math.max(1, messages),
                nodeTime / (end * nodes * cores),
                leaderTime / end);
    }

    private void spoken(Event event) {
        int run = event.run();
        unsent[run] = Arrays.copyOf(unsent[run], unsent[run].length + 1);
        unsent[run][unsent[run].length - 1] = event.at();
        events.add(new Event(event.at() + GAP, run, Event.Kind.SPEAK));
        if (!busy[run]) {
            busy[run] = true;
            waiting.get(run % nodes).add(run);
            work(run % nodes, event.at());
        }
    }

    /** A free core takes the longest waiting run, with all that it has to say by then. */
    private void work(int node, double now) {
        while (freeCores[node] > 0 && !waiting.get(node).isEmpty()) {
            int run = waiting.get(node).poll();
            freeCores[node]--;
            underWay[run] = unsent[run];
            unsent[run] = new double[0];
            double cost = NODE_PER_MESSAGE + NODE_PER_CHUNK * underWay[run].length;
            nodeTime += cost;
            events.add(new Event(now + cost, run, Event.Kind.NODE_DONE));
        }
    }

    private void handedOver(Event event) {
        int node = event.run() % nodes;
        freeCores[node]++;
        work(node, event.at());
        atLeader.add(event.run());
        lead(event.at());
    }

    private void lead(double now) {
        if (!leaderBusy && !atLeader.isEmpty()) {
            leaderBusy = true;
            int run = atLeader.poll();
            double cost = LEADER_PER_MESSAGE + LEADER_PER_CHUNK * underWay[run].length;
            leaderTime += cost;
            events.add(new Event(now + cost, run, Event.Kind.LEADER_DONE));
        }
    }

    private void acknowledged(Event event) {
        int run = event.run();
        messages++;
        for (double at : underWay[run]) {
            latencies[taken++] = (float) (event.at() - at);
        }
        leaderBusy = false;
        lead(event.at());
        if (unsent[run].length > 0) {
            waiting.get(run % nodes).add(run);
            work(run % nodes, event.at());
        } else {
            busy[run] = false;
        }
    }

    /** The table of docs/scaling.md: 200 runs on one node of two cores, ten times that, and so on. */
    static String table() {
        var text = new StringBuilder("""
                | runs at a time | nodes × cores, cells | p50, p99 ms until the leader has a word | words per message | nodes busy | leader busy |
                |---|---|---|---|---|---|
                """);
        for (var load : new Load[] {
            new Load(200, 1, 2, 1),
            new Load(2_000, 1, 2, 1),
            new Load(2_000, 10, 2, 1),
            new Load(20_000, 100, 2, 1),
            new Load(20_000, 50, 4, 4),
            new Load(200_000, 1_000, 2, 1),
            new Load(200_000, 1_000, 2, 20),
            new Load(200_000, 1_000, 2, 50)
        }) {
            var r = play(load, 5);
            text.append(String.format(
                    java.util.Locale.ROOT,
                    "| %,d | %,d × %d, %d | %.1f, %.1f | %.1f | %.0f %% | %.0f %% |%n",
                    load.runs(),
                    load.nodes(),
                    load.coresPerNode(),
                    load.cells(),
                    r.medianMs(),
                    r.p99Ms(),
                    r.chunksPerMessage(),
                    100 * r.nodes(),
                    100 * r.leader()));
        }
        return text.toString();
    }
}
