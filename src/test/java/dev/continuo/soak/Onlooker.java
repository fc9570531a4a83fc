package dev.continuo.soak;

import dev.continuo.testkit.LibertyNode;
import dev.continuo.testkit.SseClient;
import dev.continuo.testkit.SseEvent;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Somebody who watches: goes away in the middle, comes back elsewhere, reads slowly, and is sometimes wrong about where it was. */
final class Onlooker {
    /** A server that says nothing, not even that it lives, is not waited for. */
    private static final long SILENCE = 15_000;

    private static final long LOOK = 100;

    private final Stage stage;
    private final Recorder recorder;
    private final Random random;
    private final Stage.Going going;
    private final Watched.Kind kind;
    private final int number;
    private final boolean declares;
    private final long leavesAt;
    private final List<Watched.Connection> connections = new ArrayList<>();
    private String cursor = "";
    private int counted;
    private int failures;
    private boolean done;

    Onlooker(Stage stage, Recorder recorder, Random random, Stage.Going going, Watched.Kind kind, int number) {
        this.stage = stage;
        this.recorder = recorder;
        this.random = random;
        this.going = going;
        this.number = number;
        this.kind = kind;
        this.declares = random.nextBoolean();
        this.leavesAt = System.currentTimeMillis() + 20_000 + random.nextInt(70_000);
    }

    static Watched.Kind anyKind(Random random) {
        int dice = random.nextInt(100);
        return dice < 40
                ? Watched.Kind.THREAD
                : dice < 60
                        ? Watched.Kind.RUN
                        : dice < 72
                                ? Watched.Kind.COMMITTED
                                : dice < 84
                                        ? Watched.Kind.CHAT
                                        : dice < 91 ? Watched.Kind.CHAT_OF_THREAD : Watched.Kind.COUNTING;
    }

    Watched watch() {
        while (!done && (stage.open() || kind != Watched.Kind.THREAD) && System.currentTimeMillis() < leavesAt) {
            connect();
            if (!done) {
                Pause.millis(100 + random.nextInt(1_400));
            }
        }
        return new Watched(number, kind, going.org(), going.thread(), connections);
    }

    private void connect() {
        LibertyNode node = stage.anyNode(random);
        boolean guessed = mayGuess() && random.nextInt(25) == 0;
        String from = guessed ? guess() : cursor;
        long opened = System.currentTimeMillis();
        try (SseClient client = stage.api(going.org(), node).stream(path(), headers(from))) {
            follow(client);
            if (client.answered()) {
                answered(client, node, from, guessed, opened);
            } else {
                recorder.count("stream without an answer");
            }
        } catch (UncheckedIOException e) {
            recorder.count("stream refused");
        }
    }

    private boolean mayGuess() {
        return switch (kind) {
            case THREAD, RUN, COMMITTED -> true;
            case CHAT, CHAT_OF_THREAD, COUNTING -> false;
        };
    }

    /** An epoch that never was, an idx too far, a place that was passed already, a run of nobody, or no cursor at all. */
    private String guess() {
        Optional<Position> position = Position.parse(cursor);
        String run = position.map(Position::run).orElse(going.run());
        long epoch = position.map(Position::epoch).orElse(1L);
        int idx =
                position.filter(p -> p.idx() != Position.END).map(Position::idx).orElse(3);
        return switch (random.nextInt(5)) {
            case 0 -> run + "." + (epoch + 7) + "." + idx;
            case 1 -> run + "." + epoch + "." + (idx + 1 + random.nextInt(500));
            case 2 -> run + "." + epoch + "." + random.nextInt(idx + 1);
            case 3 -> new UUID(random.nextLong(), random.nextLong()) + ".1.4";
            default -> "what";
        };
    }

    private String path() {
        return switch (kind) {
            case THREAD -> "/api/threads/" + going.thread() + "/attach";
            case RUN -> "/api/runs/" + going.run() + "/attach";
            case COMMITTED -> "/api/runs/" + going.run() + "/attach?visibility=committed";
            case CHAT -> "/api/chat/" + going.run() + "/stream";
            case CHAT_OF_THREAD -> "/api/chat/" + going.thread() + "/stream";
            case COUNTING -> "/api/chat/" + going.run() + "/stream?startIndex=" + counted;
        };
    }

    private Map<String, String> headers(String from) {
        var headers = new HashMap<String, String>();
        if (mayGuess() && !from.isEmpty()) {
            headers.put("last-event-id", from);
        }
        if (declares && kind == Watched.Kind.CHAT) {
            headers.put("x-continuo-chunks", "reset-step");
        }
        return headers;
    }

    /** Until the stream ends, or its time comes. */
    private void follow(SseClient client) {
        long now = System.currentTimeMillis();
        long cutAt = random.nextInt(3) == 0 ? Long.MAX_VALUE : now + 500 + random.nextInt(15_000);
        long pauseAt = random.nextInt(5) == 0 ? now + 500 + random.nextInt(4_000) : Long.MAX_VALUE;
        long resumeAt = pauseAt == Long.MAX_VALUE ? Long.MAX_VALUE : pauseAt + 500 + random.nextInt(6_000);
        long heard = now;
        long bytes = 0;
        while (client.ending() == SseClient.Ending.OPEN && now < cutAt && now < leavesAt) {
            if (now >= pauseAt && now < resumeAt) {
                client.pause();
                heard = now;
            } else if (now >= resumeAt) {
                client.goOn();
            }
            if (client.bytes() != bytes) {
                bytes = client.bytes();
                heard = now;
            } else if (now - heard > SILENCE) {
                recorder.count("stream silent");
                break;
            }
            if (!stage.open() && kind == Watched.Kind.THREAD) {
                break;
            }
            Pause.millis(LOOK);
            now = System.currentTimeMillis();
        }
        client.cut();
    }

    private void answered(SseClient client, LibertyNode node, String from, boolean guessed, long opened) {
        List<SseEvent> events = client.events();
        String run = kind == Watched.Kind.THREAD
                ? ""
                : client.header("x-continuo-run-id").orElse(going.run());
        connections.add(new Watched.Connection(
                node.id(),
                run,
                mayGuess() ? from : "" + counted,
                guessed,
                opened,
                client.status(),
                events,
                client.ending()));
        switch (client.status()) {
            case 200 -> took(from, events);
            case 204 -> nothing(node, opened);
            case 404 -> failed();
            default -> {}
        }
    }

    private void took(String from, List<SseEvent> events) {
        if (mayGuess()) {
            // Not the client's own: after a cut it may still read on, behind what was copied here.
            cursor = events.isEmpty() ? from : events.getLast().id();
            done = kind != Watched.Kind.THREAD && events.stream().anyMatch(event -> event.is("terminal"));
        } else {
            counted += (int) events.stream()
                    .filter(event -> !event.is("[DONE]") && !event.data().equals("[DONE]"))
                    .count();
            done = events.stream().anyMatch(event -> event.data().equals("[DONE]"));
        }
    }

    private void nothing(LibertyNode node, long asked) {
        if (kind == Watched.Kind.CHAT_OF_THREAD) {
            recorder.add(new Nothing(going.thread(), node.id(), asked, System.currentTimeMillis()));
            failed();
        } else {
            done = true;
        }
    }

    private void failed() {
        done = ++failures > 5;
    }
}
