package dev.continuo.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.file.Files;
import dev.continuo.intake.AcceptStep;
import dev.continuo.intake.Acceptance;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Branch;
import dev.continuo.intake.EditStep;
import dev.continuo.intake.Edited;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.Regeneration;
import dev.continuo.intake.SentMessage;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.log.LogRecord;
import dev.continuo.log.Segment;
import dev.continuo.node.NodeId;
import dev.continuo.testkit.Database;
import dev.continuo.testkit.Postgres;
import dev.continuo.testkit.Tx;
import dev.continuo.thread.Messages;
import dev.continuo.thread.Reach;
import dev.continuo.thread.StoredMessage;
import dev.continuo.thread.Threads;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/** A migrated database with the steps on it, each call its own transaction, as the container would do it. */
public final class Truth {
    public final Database database;
    public final Tx tx;
    public final Jdbi jdbi;
    public final UUID org = UUID.randomUUID();
    public final Viewer ann = new Viewer(org, "ann", Reach.OWN);
    public final Threads threads;
    public final Messages messages;
    public final Snapshots snapshots;
    public final Progress progress;
    public final RunQueries runs;
    private final Claims claims;
    private final Opens opens;
    private final Forks forks;
    private final Flushes flushes;
    private final Finishes finishes;
    private final Releases releases;
    public final Cancels cancels;
    private final Reaper reaper;
    private final AcceptStep accept;
    private final EditStep edits;
    public final Pauses pauses;
    public final Files files;
    public final Janitor janitor;
    public final Reconciles reconciles;

    public Truth(Database database) {
        this(database, database.tx());
    }

    public Truth(Database database, Tx tx) {
        this.database = database;
        this.tx = tx;
        jdbi = tx.jdbi();
        threads = new Threads(jdbi);
        messages = new Messages(jdbi);
        files = new Files(jdbi, 100, 1L << 30);
        snapshots = new Snapshots(jdbi);
        progress = new Progress(jdbi);
        runs = new RunQueries(jdbi);
        var endings = new Endings(messages);
        claims = new Claims(jdbi);
        opens = new Opens(jdbi);
        forks = new Forks(jdbi);
        flushes = new Flushes(jdbi);
        finishes = new Finishes(jdbi, endings);
        releases = new Releases(jdbi);
        cancels = new Cancels(jdbi, endings);
        reaper = new Reaper(jdbi);
        pauses = new Pauses(jdbi);
        janitor = new Janitor(jdbi);
        reconciles = new Reconciles(jdbi);
        accept = new AcceptStep(threads, messages, new RunQueue(jdbi), runs, cancels, pauses, files, Limits.defaults());
        edits = new EditStep(threads, messages, new RunQueue(jdbi), files);
        organisation(org);
    }

    public static Truth fresh() {
        return new Truth(Postgres.shared().database());
    }

    public void organisation(UUID id) {
        execute("insert into organisations (org_id, name) values ('" + id + "', '" + id + "') on conflict do nothing");
    }

    public int execute(String sql) {
        return jdbi.withHandle(h -> h.execute(sql));
    }

    public <T> T one(String sql, Class<T> type) {
        return jdbi.withHandle(h -> h.createQuery(sql).mapTo(type).one());
    }

    public <T> T tx(Supplier<T> block) {
        return tx.call(block);
    }

    public static NodeId node(String name) {
        return new NodeId(name, UUID.randomUUID());
    }

    public static JsonNode text(String text) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text));
    }

    public SentMessage message(String thread, String key, String text) {
        return message(thread, key, text, OnTakeover.CONTINUE);
    }

    public SentMessage message(String thread, String key, String text, OnTakeover wish) {
        return new SentMessage(
                org,
                ann.subject(),
                Optional.of(thread),
                Optional.of(key),
                "user",
                text(text),
                Optional.empty(),
                new RunOptions(Optional.empty(), Optional.empty(), Optional.empty(), OptionalDouble.empty(), wish),
                OnBusy.ENQUEUE);
    }

    public Acceptance send(SentMessage message) {
        return tx(() -> accept.accept(message));
    }

    /** Another answer, to the first of these that is known. */
    public Acceptance regenerate(String thread, OnBusy onBusy, String... candidates) {
        return tx(() -> accept.regenerate(
                new Regeneration(org, ann.subject(), thread, List.of(candidates), RunOptions.none(), onBusy)));
    }

    public Acceptance send(String thread, String key, String text, Branch branch) {
        return send(new SentMessage(
                org,
                ann.subject(),
                Optional.of(thread),
                Optional.of(key),
                "user",
                text(text),
                Optional.empty(),
                RunOptions.none(),
                OnBusy.ENQUEUE,
                branch));
    }

    /** A message and its answer of these words. */
    public Accepted say(String thread, String key, String text, String... words) {
        return answered((Accepted) send(message(thread, key, text)), words);
    }

    /** Claims the next run, which must be this one, and answers it. */
    public Accepted answered(Accepted accepted, String... words) {
        Claim claim = start(node("n"));
        if (!claim.run().equals(accepted.run())) {
            throw new AssertionError("another run was next: " + claim.run());
        }
        flushOne(opening(claim, words));
        complete(claim.fence());
        return accepted;
    }

    /** What this run of the thread is asked with. */
    public List<StoredMessage> promptOf(UUID thread, long turn) {
        return messages.promptOf(thread, turn, OptionalInt.empty());
    }

    public Edited edit(String thread, String message, JsonNode parts) {
        return tx(() -> edits.edit(ann, thread, message, parts));
    }

    public Edited edit(Viewer viewer, String thread, String message, String text) {
        return tx(() -> edits.edit(viewer, thread, message, text(text)));
    }

    /** A message that is new to the thread. */
    public Accepted post(String thread) {
        String key = UUID.randomUUID().toString();
        return (Accepted) send(message(thread, key, "question " + key));
    }

    public List<Claim> claim(NodeId node, int free) {
        UUID claimId = UUID.randomUUID();
        return tx(() -> claims.claim(node, free, claimId)).claims();
    }

    public Claim claimOne(NodeId node) {
        return claim(node, 1).getFirst();
    }

    public OpenResult open(Opening opening) {
        return tx(() -> opens.open(opening));
    }

    /** A first claim, opened. */
    public Claim start(NodeId node) {
        Claim claim = claimOne(node);
        open(Opening.first(claim.fence(), node.name()));
        return claim;
    }

    public void shown(Fence fence, Voided voided) {
        tx.run(() -> opens.shown(fence, voided));
    }

    public ForkResult fork(Fork fork) {
        return tx(() -> forks.fork(fork));
    }

    public List<FlushOutcome> flush(FlushItem... items) {
        return tx(() -> flushes.flush(List.of(items)));
    }

    public FlushOutcome flushOne(FlushItem item) {
        return flush(item).getFirst();
    }

    /** A claimer that looks at a row just when it is taken holds it for a moment; a node tries again at its next tick. */
    public FlushOutcome flushUntilCommitted(FlushItem item) {
        FlushOutcome outcome = flushOne(item);
        while (outcome instanceof FlushOutcome.Skipped) {
            outcome = flushOne(item);
        }
        return outcome;
    }

    public FinishResult finish(Fence fence, Outcome outcome) {
        return tx(() -> finishes.finish(fence, outcome));
    }

    public FinishResult complete(Fence fence) {
        return finish(fence, Outcome.completed("stop", Optional.of("{\"output\":3}")));
    }

    public CancelResult cancel(UUID run) {
        return tx(() -> cancels.cancel(ann, run));
    }

    public boolean release(Fence fence, GiveBack why, Duration notBefore) {
        return tx(() -> releases.release(fence, why, notBefore));
    }

    public List<UUID> releaseAll(NodeId me) {
        return tx(() -> releases.releaseAll(me));
    }

    public List<Reaper.Reaped> reap(Duration unbroken) {
        return tx(() -> reaper.reap(new UnbrokenRenewals(unbroken)));
    }

    public RunView run(UUID id) {
        return runs.find(ann, id).orElseThrow();
    }

    public List<Attempt> attempts(UUID id) {
        return new Attempts(jdbi).of(id);
    }

    /** {@code start, text-start}, then a delta for each word. */
    public static FlushItem opening(Claim claim, String... words) {
        var chunks = new ArrayList<Chunk>(List.of(Chunks.start(claim.answerId()), Chunks.textStart("t")));
        for (String word : words) {
            chunks.add(Chunks.textDelta("t", word));
        }
        return item(claim.fence(), 1, chunks);
    }

    public static FlushItem words(Fence fence, int first, String... words) {
        var chunks = new ArrayList<Chunk>();
        for (String word : words) {
            chunks.add(Chunks.textDelta("t", word));
        }
        return item(fence, first, chunks);
    }

    public static FlushItem item(Fence fence, int first, List<? extends Chunk> chunks) {
        return new FlushItem(
                fence,
                Segment.of(records(fence.epoch(), first, chunks), OptionalLong.of(first))
                        .orElseThrow());
    }

    public static List<LogRecord> records(long epoch, int first, List<? extends Chunk> chunks) {
        var records = new ArrayList<LogRecord>();
        for (Chunk chunk : chunks) {
            records.add(new LogRecord(first + records.size(), epoch, chunk.json(), chunk.meta()));
        }
        return records;
    }
}
