package dev.continuo.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The model of docs/scaling.md without its watchers, played: runs whose provider speaks at a steady pace, nodes with so many
 * cores, and one leader that takes one message at a time. As in {@code Publisher}, a run has one message on its way, and what
 * its provider says meanwhile goes with the next one. Times are microseconds of a clock of its own, so the outcome is the
 * same on every machine. The first half of each play is not counted: it begins with nothing to do.
 */
final class ScaleSimulation {
    /** Of a node's core: for a message on its way to the leader and back to readers, and for each word in it. */
    private static final double NODE_PER_MESSAGE = 230;

    private static final double NODE_PER_WORD = 60;
    /** Of the leader: for a message, and for each word in it. */
    private static final double LEADER_PER_MESSAGE = 10;

    private static final double LEADER_PER_WORD = 0.1;
    private static final double GAP = 50_000;

    /** @param cells deployments that share the load and know nothing of each other */
    record Load(int runs, int nodes, int coresPerNode, int cells) {
        Load {
            if (runs % cells != 0 || nodes % cells != 0) {
                throw new IllegalArgumentException("runs and nodes must be the same in each cell");
            }
        }
    }

    /**
     * @param medianMs from the provider's word until the leader has it
     * @param nodes share of their cores that is busy
     * @param leader share of its time that it is busy
     */
    record Result(double medianMs, double p99Ms, double wordsPerMessage, double nodes, double leader) {}

    private record Event(double at, int run, Kind kind) {
        enum Kind {
            SPEAK,
            NODE_DONE,
            LEADER_DONE
        }
    }

    private final int nodes;
    private final int cores;
    private final double end;
    private final double counted;
    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> Double.compare(a.at(), b.at()));
    /** Of each run: when it says its first word, how many words have gone, and how many are under way. */
    private final double[] first;

    private final int[] gone;
    private final int[] underWay;
    private final List<Deque<Integer>> waiting;
    private final int[] freeCores;
    private final Deque<Integer> atLeader = new ArrayDeque<>();
    private final Histogram latencies = new Histogram();
    private boolean leaderBusy;
    private double nodeTime;
    private double leaderTime;
    private long messages;

    /** To a hundredth, from a microsecond to an hour. */
    private static final class Histogram {
        private static final double STEP = Math.log(1.01);
        private final long[] counts = new long[2_300];
        private long all;

        void add(double micros) {
            counts[(int) (Math.log(Math.max(1, micros)) / STEP)]++;
            all++;
        }

        double micros(double share) {
            long left = (long) (all * share);
            int i = 0;
            while (left >= counts[i]) {
                left -= counts[i++];
            }
            return Math.exp((i + 0.5) * STEP);
        }
    }

    private ScaleSimulation(Load load, double seconds) {
        int runs = load.runs() / load.cells();
        nodes = load.nodes() / load.cells();
        cores = load.coresPerNode();
        end = seconds * 1e6;
        counted = end / 2;
        first = new Random(runs).doubles(runs, 0, GAP).toArray();
        gone = new int[runs];
        underWay = new int[runs];
        waiting = Stream.<Deque<Integer>>generate(ArrayDeque::new).limit(nodes).toList();
        freeCores = new int[nodes];
        Arrays.fill(freeCores, cores);
    }

    static Result play(Load load, double seconds) {
        return new ScaleSimulation(load, seconds).play();
    }

    private Result play() {
        for (int run = 0; run < first.length; run++) {
            events.add(new Event(first[run], run, Event.Kind.SPEAK));
        }
        for (Event event = events.poll(); event != null && event.at() < end; event = events.poll()) {
            switch (event.kind()) {
                case SPEAK -> hasWords(event.run(), event.at());
                case NODE_DONE -> handedOver(event);
                case LEADER_DONE -> acknowledged(event);
            }
        }
        return new Result(
                latencies.micros(0.5) / 1e3,
                latencies.micros(0.99) / 1e3,
                (double) latencies.all / messages,
                nodeTime / ((end - counted) * nodes * cores),
                leaderTime / (end - counted));
    }

    private void hasWords(int run, double now) {
        waiting.get(run % nodes).add(run);
        work(run % nodes, now);
    }

    private int said(int run, double now) {
        return (int) ((now - first[run]) / GAP) + 1;
    }

    /** A free core takes the run that waits longest, with all that it has said by then. */
    private void work(int node, double now) {
        while (freeCores[node] > 0 && !waiting.get(node).isEmpty()) {
            int run = waiting.get(node).poll();
            freeCores[node]--;
            underWay[run] = Math.max(1, said(run, now) - gone[run]);
            double cost = NODE_PER_MESSAGE + NODE_PER_WORD * underWay[run];
            nodeTime += within(now, cost);
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
            double cost = LEADER_PER_MESSAGE + LEADER_PER_WORD * underWay[run];
            leaderTime += within(now, cost);
            events.add(new Event(now + cost, run, Event.Kind.LEADER_DONE));
        }
    }

    private void acknowledged(Event event) {
        int run = event.run();
        double now = event.at();
        if (now >= counted) {
            messages++;
            for (int word = gone[run]; word < gone[run] + underWay[run]; word++) {
                latencies.add(now - (first[run] + word * GAP));
            }
        }
        gone[run] += underWay[run];
        leaderBusy = false;
        lead(now);
        if (said(run, now) > gone[run]) {
            hasWords(run, now);
        } else {
            events.add(new Event(first[run] + gone[run] * GAP, run, Event.Kind.SPEAK));
        }
    }

    /** The part of a piece of work that is counted. */
    private double within(double from, double cost) {
        return Math.max(0, Math.min(from + cost, end) - Math.max(from, counted));
    }

    /** The table of docs/scaling.md. */
    static String table() {
        var text = new StringBuilder("""
                | runs at a time | nodes × cores | cells | p50, p99 ms | words per message | nodes busy | leader busy |
                |---|---|---|---|---|---|---|
                """);
        Stream.of(
                        new Load(200, 1, 2, 1),
                        new Load(1_000, 1, 2, 1),
                        new Load(2_000, 10, 2, 1),
                        new Load(20_000, 100, 2, 1),
                        new Load(20_000, 100, 2, 5),
                        new Load(200_000, 1_000, 2, 1),
                        new Load(200_000, 1_000, 2, 20),
                        new Load(200_000, 1_000, 2, 50))
                .forEach(load -> text.append(row(load, play(load, 40))));
        return text.toString();
    }

    private static String row(Load load, Result r) {
        return String.format(
                Locale.ROOT,
                "| %,d | %,d × %d | %d | %.1f, %.1f | %.1f | %.0f %% | %.0f %% |%n",
                load.runs(),
                load.nodes(),
                load.coresPerNode(),
                load.cells(),
                r.medianMs(),
                r.p99Ms(),
                r.wordsPerMessage(),
                100 * r.nodes(),
                100 * r.leader());
    }
}
