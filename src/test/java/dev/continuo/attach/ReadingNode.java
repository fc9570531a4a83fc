package dev.continuo.attach;

import dev.continuo.identity.Caller;
import dev.continuo.identity.Role;
import dev.continuo.live.JetStreamBridge;
import dev.continuo.log.Cursor;
import dev.continuo.nats.Hints;
import dev.continuo.nats.NatsConnections;
import dev.continuo.node.NodeState;
import dev.continuo.run.Truth;
import dev.continuo.stats.Stats;
import dev.continuo.web.Limits;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a node needs to serve watchers, and nothing that could execute a run. */
final class ReadingNode implements AutoCloseable {
    final Stats stats = new Stats();
    final JetStreamBridge live;
    final Hints hints;
    final Tails tails;
    private final NatsConnections connections;
    private final Truth truth;
    private final Lines lines;
    private final Watchers watchers =
            new Watchers(Limits.defaults().off(), System::nanoTime, java.time.Clock.systemUTC(), stats);
    private final Answers answers;
    private final Pulse pulse;

    ReadingNode(Truth truth, String natsUrl) {
        this.truth = truth;
        connections = NatsConnections.to(natsUrl);
        live = JetStreamBridge.on(connections);
        hints = new Hints(connections);
        tails = new Tails(live, new RunsInPostgres(truth.progress, truth.snapshots), stats);
        var threads = new ThreadsInPostgres(truth.jdbi, truth.progress);
        lines = new Lines(threads);
        answers = new StoredAnswers(truth.messages, truth.snapshots, threads);
        pulse = new Pulse(tails, lines, watchers, hints, new NodeState());
        pulse.start(this);
    }

    Browser watchesRun(UUID thread, UUID run, Visibility visibility, Optional<String> cursor) {
        From from = cursor.flatMap(Cursor::parse).<From>map(From.At::new).orElseGet(From::start);
        return opens(new RunFeed(signal -> tails.read(thread, run, visibility, from, signal), answers));
    }

    Browser watchesRun(RunOwner run) {
        return watchesRun(run.thread(), run.run(), Visibility.LIVE, Optional.empty());
    }

    Browser followsThread(UUID thread, Optional<String> cursor) {
        return opens(new ThreadFeed(thread, thread.toString(), cursor, tails, lines, answers));
    }

    private Browser opens(Feed feed) {
        var browser = new Browser();
        watchers.open(
                browser.sink, new Caller(truth.org, "ann", Role.MEMBER, Set.of(), Optional.empty()), feed, () -> true);
        return browser;
    }

    int openStreams() {
        return watchers.size();
    }

    @Override
    public void close() {
        watchers.drain(java.time.Duration.ZERO);
        pulse.stop();
        connections.close();
    }
}
