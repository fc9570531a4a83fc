package dev.continuo.soak;

import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A short history in which every promise is kept, made of lists that a test may spoil: in one thread a run that is taken
 * over after its third record and asked again, with other words from the second on, and a run after it.
 */
final class Healthy {
    static final String THREAD = "t-A1";
    static final String FIRST = "00000000-0000-0000-0000-000000000001";
    static final String SECOND = "00000000-0000-0000-0000-000000000002";
    static final String PROMPT = "many:3 diverge:2 word:wA1";
    static final String NEXT = "many:2 word:wA2";

    final List<Post> posts = new ArrayList<>();
    final List<Nothing> nothings = new ArrayList<>();
    final List<Peek> peeks = new ArrayList<>();
    final List<Watched> watched = new ArrayList<>();
    final List<Call> calls = new ArrayList<>();
    final List<Injected> faults = new ArrayList<>();
    final List<Stored.Run> runs = new ArrayList<>();
    final List<Stored.Sent> sent = new ArrayList<>();
    final List<Stored.Move> moves = new ArrayList<>();
    final List<Stored.Late> late = new ArrayList<>();

    Healthy() {
        posts.add(post("k1", PROMPT, 1_000, new Post.Answer.Accepted(FIRST, "m1", "a1")));
        posts.add(post("k2", NEXT, 1_500, new Post.Answer.Accepted(SECOND, "m2", "a2")));
        sent.add(new Stored.Sent("k1", THREAD, "m1", FIRST, PROMPT));
        sent.add(new Stored.Sent("k2", THREAD, "m2", SECOND, NEXT));
        runs.add(first(log(FIRST)));
        runs.add(second());
        moves.add(move(1_100, FIRST, 1, "READY", "RUNNING", 0, 1, "node-1"));
        moves.add(move(4_000, FIRST, 1, "RUNNING", "READY", 1, 1, "node-1"));
        moves.add(move(4_100, FIRST, 1, "READY", "RUNNING", 1, 2, "node-2"));
        moves.add(move(6_000, FIRST, 1, "RUNNING", "COMPLETED", 2, 2, "node-2"));
        moves.add(move(6_000, SECOND, 2, "WAITING", "READY", 0, 0, null));
        moves.add(move(6_100, SECOND, 2, "READY", "RUNNING", 0, 1, "node-2"));
        moves.add(move(7_000, SECOND, 2, "RUNNING", "COMPLETED", 1, 1, "node-2"));
        calls.add(new Call(PROMPT, 1, 1_150, 3_900));
        calls.add(new Call(PROMPT, 2, 4_150, 5_900));
        calls.add(new Call(NEXT, 1, 6_150, 6_900));
        nothings.add(new Nothing(THREAD, "node-3", 50_000, 50_010));
        peeks.add(new Peek("B", "/api/runs/" + FIRST, 404));
        watched.add(watched(Watched.Kind.THREAD, "", threadFrames()));
        watched.add(watched(Watched.Kind.RUN, FIRST, threadFrames().subList(0, 10)));
        watched.add(watched(Watched.Kind.CHAT, FIRST, chunkFrames()));
        watched.add(watched(Watched.Kind.COUNTING, FIRST, chunkFrames()));
    }

    static Post post(String key, String text, long sent, Post.Answer answer) {
        return new Post(THREAD, key, text, "node-1", sent, sent + 20, answer);
    }

    static Stored.Move move(
            long at, String run, long turn, String was, String state, long oldEpoch, long epoch, String owner) {
        return new Stored.Move(at, run, THREAD, turn, was, state, oldEpoch, epoch, "c" + epoch, owner);
    }

    static Stored.Run first(List<Stored.Rec> log) {
        var text = new StringBuilder();
        log.forEach(record -> text.append(record.delta()));
        return new Stored.Run(
                FIRST,
                THREAD,
                1,
                "COMPLETED",
                2,
                2,
                log.size(),
                Optional.of(Sha256.of(text.toString())),
                Optional.of(6_000L),
                PROMPT,
                log,
                List.of(
                        new Stored.Epoch(1, 0, "c1", "node-1", "claim", 1_100),
                        new Stored.Epoch(2, 2, "c2", "node-2", "takeover", 4_120)),
                List.of(new Stored.Answer("a1", text.toString(), true)));
    }

    static Stored.Run second() {
        var log = log(SECOND);
        return new Stored.Run(
                SECOND,
                THREAD,
                2,
                "COMPLETED",
                1,
                1,
                log.size(),
                Optional.of(Sha256.of("wA2-1 wA2-2 ")),
                Optional.of(7_000L),
                NEXT,
                log,
                List.of(new Stored.Epoch(1, 0, "c1", "node-2", "claim", 6_100)),
                List.of(new Stored.Answer("a2", "wA2-1 wA2-2 ", true)));
    }

    static List<Stored.Rec> log(String run) {
        return run.equals(FIRST)
                ? List.of(
                        rec(1, 1, "{\"type\":\"text-start\",\"id\":\"t1\"}"),
                        rec(2, 1, delta("wA1-1 ")),
                        rec(3, 2, delta("other-wA1-2 ")),
                        rec(4, 2, delta("other-wA1-3 ")),
                        rec(5, 2, "{\"type\":\"finish\"}"))
                : List.of(
                        rec(1, 1, "{\"type\":\"text-start\",\"id\":\"t1\"}"),
                        rec(2, 1, delta("wA2-1 ")),
                        rec(3, 1, delta("wA2-2 ")),
                        rec(4, 1, "{\"type\":\"finish\"}"));
    }

    static Stored.Rec rec(int idx, long epoch, String chunk) {
        return new Stored.Rec(idx, epoch, chunk, Chunk.delta(Chunk.json(chunk)));
    }

    static String delta(String text) {
        return "{\"type\":\"text-delta\",\"id\":\"t1\",\"delta\":\"" + text + "\"}";
    }

    /** The first run with what its first owner had shown and nobody stored, then the second. */
    static List<SseEvent> threadFrames() {
        var frames = new ArrayList<SseEvent>();
        frames.add(chunk(FIRST, log(FIRST).get(0)));
        frames.add(chunk(FIRST, log(FIRST).get(1)));
        frames.add(chunk(FIRST, rec(3, 1, delta("wA1-2 "))));
        frames.add(new SseEvent(FIRST + ".1.3", "state", "{\"run\":\"" + FIRST + "\",\"state\":\"retrying\"}", 0));
        frames.add(rewind(2));
        for (var record : log(FIRST).subList(2, 5)) {
            frames.add(chunk(FIRST, record));
        }
        frames.add(new SseEvent(FIRST + ".2.5", "state", "{\"run\":\"" + SECOND + "\",\"state\":\"queued\"}", 0));
        frames.add(terminal(FIRST, 2, 5, "wA1-1 other-wA1-2 other-wA1-3 "));
        for (var record : log(SECOND)) {
            frames.add(chunk(SECOND, record));
        }
        frames.add(terminal(SECOND, 1, 4, "wA2-1 wA2-2 "));
        return frames;
    }

    static List<SseEvent> chunkFrames() {
        var frames = new ArrayList<SseEvent>();
        log(FIRST).forEach(record -> frames.add(chunk(FIRST, record)));
        frames.add(new SseEvent(FIRST + ".2.5", "message", "[DONE]", 0));
        return frames;
    }

    static SseEvent chunk(String run, Stored.Rec record) {
        return new SseEvent(run + "." + record.epoch() + "." + record.idx(), "message", record.chunk(), 0);
    }

    static SseEvent rewind(int to) {
        return new SseEvent(
                FIRST + ".2." + to,
                "rewind",
                "{\"run\":\"" + FIRST + "\",\"to\":" + to + ",\"reason\":\"takeover\"}",
                0);
    }

    static SseEvent terminal(String run, long epoch, int n, String text) {
        return new SseEvent(
                run + "." + epoch + ".end",
                "terminal",
                "{\"run\":\"" + run + "\",\"state\":\"completed\",\"n\":" + n + ",\"sha256\":\"" + Sha256.of(text)
                        + "\"}",
                0);
    }

    static Watched watched(Watched.Kind kind, String run, List<SseEvent> frames) {
        return watched(kind, connection(run, "", frames));
    }

    static Watched watched(Watched.Kind kind, Watched.Connection... connections) {
        return new Watched(1, kind, "A", THREAD, List.of(connections));
    }

    static Watched.Connection connection(String run, String cursor, List<SseEvent> frames) {
        boolean whole = !run.isEmpty();
        return new Watched.Connection(
                "node-3",
                run,
                cursor,
                false,
                1_050,
                200,
                frames,
                whole ? SseClient.Ending.CLEAN : SseClient.Ending.CUT);
    }

    List<Violation> check() {
        var natives = watched.stream()
                .filter(w -> w.kind() == Watched.Kind.THREAD || w.kind() == Watched.Kind.RUN)
                .map(NativeView::of)
                .toList();
        var chunks = watched.stream()
                .filter(w -> w.kind() == Watched.Kind.CHAT || w.kind() == Watched.Kind.COUNTING)
                .map(ChunkView::of)
                .toList();
        return Checker.check(
                new Checker.History(posts, nothings, peeks, natives, chunks, calls, faults),
                new Stored(runs, sent, moves, late));
    }
}
