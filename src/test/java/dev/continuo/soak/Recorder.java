package dev.continuo.soak;

import dev.continuo.testkit.ScriptedProvider;
import dev.continuo.testkit.SseEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The history as it happens. Raw frames are folded when their watcher leaves; those of the last watchers are kept, so that
 * a violation can be looked at, as many as there is room for.
 */
final class Recorder implements ScriptedProvider.Listener {
    private static final int FRAMES_KEPT = 400_000;
    private static final Pattern WORD = Pattern.compile("\\bword:(w[AB]\\d+)");

    private final Timeline timeline = new Timeline();
    private final List<Post> posts = new ArrayList<>();
    private final List<Nothing> nothings = new ArrayList<>();
    private final List<Peek> peeks = new ArrayList<>();
    private final List<NativeView.Result> natives = new ArrayList<>();
    private final List<ChunkView.Result> chunks = new ArrayList<>();
    private final Map<String, List<Call>> calls = new HashMap<>();
    private final List<Injected> faults = new ArrayList<>();
    private final List<Delay> delays = new ArrayList<>();
    private final Map<String, Integer> statuses = new TreeMap<>();
    private final List<RuntimeException> broken = new ArrayList<>();
    private final Deque<Watched> raw = new ArrayDeque<>();
    private int frames;
    private int framesKept;

    Timeline timeline() {
        return timeline;
    }

    synchronized void add(Post post) {
        posts.add(post);
        String status =
                switch (post.answer()) {
                    case Post.Answer.Accepted _ -> "202";
                    case Post.Answer.Conflict _ -> "409";
                    case Post.Answer.Refused(int code) -> Integer.toString(code);
                    case Post.Answer.Unknown(String why) -> why;
                };
        count("post " + status);
    }

    synchronized void count(String what) {
        statuses.merge(what, 1, Integer::sum);
    }

    /** The trial itself is wrong, which is worse than a violation. */
    synchronized void broke(RuntimeException e) {
        broken.add(e);
    }

    synchronized List<RuntimeException> broken() {
        return List.copyOf(broken);
    }

    synchronized void add(Nothing nothing) {
        nothings.add(nothing);
    }

    synchronized void add(Peek peek) {
        peeks.add(peek);
    }

    synchronized void add(Injected fault) {
        faults.add(fault);
    }

    /** @return what was wrong with it */
    List<Violation> add(Watched watched) {
        List<Delay> seen = delays(watched);
        boolean isNative =
                switch (watched.kind()) {
                    case THREAD, RUN, COMMITTED -> true;
                    case CHAT, CHAT_OF_THREAD, COUNTING -> false;
                };
        Optional<NativeView.Result> nativeView = isNative ? Optional.of(NativeView.of(watched)) : Optional.empty();
        Optional<ChunkView.Result> chunkView = isNative ? Optional.empty() : Optional.of(ChunkView.of(watched));
        synchronized (this) {
            delays.addAll(seen);
            nativeView.ifPresent(result -> natives.add(result.withoutFrames()));
            chunkView.ifPresent(result -> chunks.add(result.withoutFrames()));
            watched.connections().forEach(connection -> count("stream " + connection.status()));
            keep(watched);
        }
        return nativeView
                .map(NativeView.Result::violations)
                .or(() -> chunkView.map(ChunkView.Result::violations))
                .orElseThrow();
    }

    private void keep(Watched watched) {
        int size = size(watched);
        frames += size;
        framesKept += size;
        raw.add(watched);
        while (framesKept > FRAMES_KEPT && raw.size() > 1) {
            framesKept -= size(raw.remove());
        }
    }

    private static int size(Watched watched) {
        return watched.connections().stream()
                .mapToInt(connection -> connection.events().size())
                .sum();
    }

    /** Only the first time that somebody sees a chunk, and only if the chunk came later than its watcher. */
    private List<Delay> delays(Watched watched) {
        if (watched.kind() == Watched.Kind.COMMITTED || watched.connections().isEmpty()) {
            return List.of();
        }
        var seen = new HashSet<Prompt.Told>();
        var found = new ArrayList<Delay>();
        long offset = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
        long here = watched.connections().getFirst().opened();
        for (var connection : watched.connections()) {
            for (SseEvent event : connection.events()) {
                if (event.data().startsWith("{\"type\":\"text-delta\"")) {
                    Prompt.Told.lastOf(Chunk.delta(Chunk.json(event.data())))
                            .filter(seen::add)
                            .ifPresent(told -> timeline.sentAt(told).ifPresent(sent -> {
                                if ((sent + offset) / 1_000_000 > here) {
                                    found.add(new Delay(
                                            (event.at() + offset) / 1_000_000, (event.at() - sent) / 1_000_000));
                                }
                            }));
                }
            }
        }
        return found;
    }

    @Override
    public void began(String prompt, int call) {
        synchronized (this) {
            calls.computeIfAbsent(prompt, _ -> new ArrayList<>())
                    .add(new Call(prompt, call, System.currentTimeMillis(), 0));
        }
    }

    @Override
    public void sent(String prompt, int call, int chunk) {
        Matcher word = WORD.matcher(prompt);
        if (word.find()) {
            timeline.sent(word.group(1), chunk, System.nanoTime());
        }
    }

    @Override
    public void ended(String prompt, int call) {
        synchronized (this) {
            calls.get(prompt)
                    .replaceAll(open -> open.number() == call
                            ? new Call(prompt, call, open.began(), System.currentTimeMillis())
                            : open);
        }
    }

    synchronized Checker.History history() {
        return new Checker.History(
                List.copyOf(posts),
                List.copyOf(nothings),
                List.copyOf(peeks),
                List.copyOf(natives),
                List.copyOf(chunks),
                calls.values().stream().flatMap(List::stream).toList(),
                List.copyOf(faults));
    }

    synchronized List<Delay> delays() {
        return List.copyOf(delays);
    }

    synchronized Map<String, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    synchronized int frames() {
        return frames;
    }

    synchronized int watchers() {
        return natives.size() + chunks.size();
    }

    synchronized Optional<Watched> raw(int number) {
        return raw.stream().filter(watched -> watched.number() == number).findFirst();
    }
}
