package dev.continuo.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.soak.Post.Answer;
import dev.continuo.testkit.Api;
import dev.continuo.testkit.LibertyNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * People who send messages: to random threads through random nodes, some the same one twice at once, some another one under
 * the same key, some who change their minds; and who try to see what is not theirs. Whoever gets no answer sends again.
 */
final class Traffic {
    private static final int TRIES = 12;

    private final Stage stage;
    private final Recorder recorder;
    private final Random random;
    private final int threads;
    private final String run;
    private final AtomicInteger underWay = new AtomicInteger();
    private int number;

    Traffic(Stage stage, Recorder recorder, long seed, int threads) {
        this.stage = stage;
        this.recorder = recorder;
        this.random = new Random(seed * 31 + 7);
        this.threads = threads;
        this.run = Long.toString(System.currentTimeMillis(), 36);
    }

    /** Sends {@code perSecond} messages until the stage closes. */
    void go(double perSecond) {
        while (stage.open()) {
            one(new Random(random.nextLong()));
            Pause.millis((long) (1000 / perSecond * (0.5 + random.nextDouble())));
        }
        while (underWay.get() > 0) {
            Pause.millis(50);
        }
    }

    int sent() {
        return number;
    }

    private void one(Random mine) {
        String org = Stage.ORGANISATIONS.get(mine.nextInt(2));
        String thread = "t-" + org + mine.nextInt(threads / 2) + "-" + run;
        Prompt prompt = Prompt.draw(mine, org, ++number);
        recorder.timeline().expect(prompt);
        var message = new Message(org, thread, "m-" + number + "-" + run, prompt.text(), onTakeover(mine));
        underWay.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                send(message, mine);
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    private static String onTakeover(Random mine) {
        int dice = mine.nextInt(20);
        return dice < 2 ? "restart" : dice == 2 ? "fail" : "continue";
    }

    record Message(String org, String thread, String key, String text, String onTakeover) {
        String body() {
            ObjectNode root = (ObjectNode) Chunk.json(Api.message(key, text));
            return onTakeover.equals("continue")
                    ? root.toString()
                    : root.put("onTakeover", onTakeover).toString();
        }

        Message saying(String other) {
            return new Message(org, thread, key, other, onTakeover);
        }
    }

    private void send(Message message, Random mine) {
        int dice = mine.nextInt(100);
        Optional<String> run = dice < 15 ? twiceAtOnce(message, mine) : untilAnswered(message, mine);
        if (dice >= 95) {
            post(message.saying("many:1 # another body for " + message.key()), stage.anyNode(mine));
        }
        run.ifPresent(id -> {
            stage.accepted(new Stage.Going(message.org(), message.thread(), id));
            if (mine.nextInt(100) < 6) {
                cancel(message, id, mine);
            }
            if (mine.nextInt(100) < 5) {
                peek(message, id, mine);
            }
        });
    }

    private Optional<String> twiceAtOnce(Message message, Random mine) {
        var together = new CountDownLatch(1);
        LibertyNode here = stage.anyNode(mine);
        var threads = new ArrayList<Thread>();
        for (LibertyNode node : List.of(here, stage.anyNode(mine))) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    together.await();
                    post(message, node);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        together.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return untilAnswered(message, mine);
    }

    private Optional<String> untilAnswered(Message message, Random mine) {
        for (int i = 0; i < TRIES; i++) {
            switch (post(message, stage.anyNode(mine)).answer()) {
                case Answer.Accepted accepted -> {
                    return Optional.of(accepted.run());
                }
                case Answer.Conflict _ -> {
                    return Optional.empty();
                }
                case Answer.Refused _, Answer.Unknown _ -> {
                    if (mine.nextInt(40) == 0) {
                        return Optional.empty();
                    }
                    Pause.millis(200 + mine.nextInt(1_000));
                }
            }
        }
        return Optional.empty();
    }

    private Post post(Message message, LibertyNode node) {
        return post(stage, recorder, message, node);
    }

    static Post post(Stage stage, Recorder recorder, Message message, LibertyNode node) {
        long sent = System.currentTimeMillis();
        Answer answer;
        try {
            answer = answer(stage.api(message.org(), node)
                    .post("/api/threads/" + message.thread() + "/messages", message.body()));
        } catch (UncheckedIOException | IllegalStateException e) {
            answer = new Answer.Unknown("no answer");
        }
        var post = new Post(
                message.thread(), message.key(), message.text(), node.id(), sent, System.currentTimeMillis(), answer);
        recorder.add(post);
        return post;
    }

    private static Answer answer(Api.Reply reply) {
        if (reply.status() == 202) {
            JsonNode view = reply.json();
            return new Answer.Accepted(
                    view.path("runId").asText(),
                    view.path("messageId").asText(),
                    view.path("answerId").asText());
        }
        if (reply.status() == 409) {
            return new Answer.Conflict();
        }
        return reply.status() >= 500 ? new Answer.Unknown("" + reply.status()) : new Answer.Refused(reply.status());
    }

    private void cancel(Message message, String run, Random mine) {
        Pause.millis(mine.nextInt(8_000));
        try {
            int status =
                    stage.api(message.org(), stage.anyNode(mine)).cancel(run).status();
            recorder.count("cancel " + status);
        } catch (UncheckedIOException | IllegalStateException e) {
            recorder.count("cancel without an answer");
        }
    }

    private void peek(Message message, String run, Random mine) {
        String foreign = Stage.other(message.org());
        String path = mine.nextBoolean() ? "/api/runs/" + run : "/api/threads/" + message.thread() + "/messages";
        try {
            int status = stage.api(foreign, stage.anyNode(mine)).get(path).status();
            recorder.add(new Peek(foreign, path, status));
        } catch (UncheckedIOException | IllegalStateException e) {
            recorder.count("peek without an answer");
        }
    }
}
