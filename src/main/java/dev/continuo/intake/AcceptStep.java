package dev.continuo.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.file.FileParts;
import dev.continuo.file.Files;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.intake.Acceptance.Busy;
import dev.continuo.intake.Acceptance.Conflict;
import dev.continuo.intake.Acceptance.Effects;
import dev.continuo.intake.Acceptance.QueueFull;
import dev.continuo.intake.Acceptance.UnknownFile;
import dev.continuo.intake.Acceptance.UnknownMessage;
import dev.continuo.intake.Acceptance.UnknownThread;
import dev.continuo.run.CancelResult;
import dev.continuo.run.Cancels;
import dev.continuo.run.NewRun;
import dev.continuo.run.Pauses;
import dev.continuo.run.RunOptions;
import dev.continuo.run.RunQueries;
import dev.continuo.run.RunQueue;
import dev.continuo.run.RunState;
import dev.continuo.run.RunView;
import dev.continuo.thread.CleanJson;
import dev.continuo.thread.LockedThread;
import dev.continuo.thread.Messages;
import dev.continuo.thread.NewMessage;
import dev.continuo.thread.Reach;
import dev.continuo.thread.StoredMessage;
import dev.continuo.thread.ThreadChange;
import dev.continuo.thread.Threads;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Limits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Message and run in one transaction: lock the thread, then look, then write. */
@ApplicationScoped
public class AcceptStep {
    private static final int TITLE_LENGTH = 80;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Threads threads;
    private final Messages messages;
    private final RunQueue queue;
    private final RunQueries runs;
    private final Cancels cancels;
    private final Pauses pauses;
    private final Files files;
    private final Limits limits;

    @Inject
    public AcceptStep(
            Threads threads,
            Messages messages,
            RunQueue queue,
            RunQueries runs,
            Cancels cancels,
            Pauses pauses,
            Files files,
            Limits limits) {
        this.threads = threads;
        this.messages = messages;
        this.queue = queue;
        this.runs = runs;
        this.cancels = cancels;
        this.pauses = pauses;
        this.files = files;
        this.limits = limits;
    }

    protected AcceptStep() {
        this(null, null, null, null, null, null, null, null);
    }

    @Transactional
    public Acceptance accept(SentMessage sent) {
        JsonNode parts = CleanJson.clean(sent.parts());
        byte[] hash = BodyHash.of(sent.role(), parts);
        Viewer viewer = new Viewer(sent.org(), sent.subject(), Reach.OWN);
        Optional<LockedThread> known = sent.thread().flatMap(id -> threads.lock(viewer.org(), viewer.subject(), id));
        if (known.isEmpty() && isFull(viewer.org())) {
            return organisationFull();
        }
        if (!files.areFree(viewer, known.map(LockedThread::id), FileParts.in(parts))) {
            return new UnknownFile();
        }
        Optional<LockedThread> locked =
                known.or(() -> sent.branch().needsThread() ? Optional.empty() : make(viewer, sent));
        if (locked.isEmpty()) {
            return new UnknownThread();
        }
        LockedThread thread = locked.get();
        UUID message = UUID.randomUUID();
        Words words = (run, turn) -> store(thread, sent, message, run, turn, parts, hash);
        Optional<Messages.Sent> before =
                thread.isUntouched() ? Optional.empty() : sent.key().flatMap(key -> messages.sent(thread.id(), key));
        if (before.isPresent()) {
            if (Arrays.equals(before.get().bodyHash(), hash)) {
                return accepted(viewer, thread, before.get().run(), Again.REPEATED, Effects.none());
            }
            return sent.branch() instanceof Branch.Rewriting
                    ? rewrite(viewer, thread, sent, before.get(), Wish.beside(message), words, parts, hash)
                    : new Conflict(before.get().message(), before.get().run());
        }
        return switch (sent.branch()) {
            case Branch.Newest _, Branch.Rewriting _ ->
                place(viewer, thread, sent.onBusy(), sent.options(), Wish.on(message, thread.head()), words);
            case Branch.After(String id) ->
                queue.find(thread.id(), id)
                        .map(at -> Wish.beside(message).after(Optional.of(at.run())))
                        .map(wish -> place(viewer, thread, sent.onBusy(), sent.options(), wish, words))
                        .orElseGet(() -> new UnknownMessage(id));
            case Branch.Instead(String id) ->
                queue.find(thread.id(), id)
                        .filter(at -> !at.byAnswer())
                        .map(at -> Wish.beside(message).after(at.parent()))
                        .map(wish -> place(viewer, thread, sent.onBusy(), sent.options(), wish, words))
                        .orElseGet(() -> new UnknownMessage(id));
        };
    }

    /**
     * Another answer to a message. Once for each answer: the same wish again is the same run; and a wish that names the
     * message while it is being answered is a repeat, because there is no answer yet that it could be instead of.
     */
    @Transactional
    public Acceptance regenerate(Regeneration wish) {
        Viewer viewer = new Viewer(wish.org(), wish.subject(), Reach.OWN);
        Optional<LockedThread> locked = threads.lock(viewer.org(), viewer.subject(), wish.thread());
        if (locked.isEmpty()) {
            return new UnknownThread();
        }
        LockedThread thread = locked.get();
        Optional<RunQueue.Known> known = wish.candidates().stream()
                .map(id -> queue.find(thread.id(), id))
                .flatMap(Optional::stream)
                .findFirst();
        if (known.isEmpty()) {
            return new UnknownMessage(String.join(", ", wish.candidates()));
        }
        RunQueue.Known old = known.get();
        Optional<UUID> again = old.byAnswer() || old.finished() ? queue.replacing(old.run()) : Optional.of(old.run());
        if (again.isPresent()) {
            return accepted(viewer, thread, again.get(), Again.REPEATED, Effects.none());
        }
        return place(viewer, thread, wish.onBusy(), wish.options(), Wish.instead(old), (_, _) -> Optional.empty());
    }

    /** Stores what was said; empty where nothing new was said. */
    private interface Words {
        Optional<Stored> store(UUID run, long turn);
    }

    /**
     * A message that was stored.
     *
     * @param title that it would make
     * @param shown its id for the client
     */
    private record Stored(Optional<String> title, String shown) {}

    /** What a run answers, and where in the tree of runs it stands. */
    private record Wish(UUID message, Optional<UUID> parent, Optional<UUID> replaces, Way way) {
        enum Way {
            ON,
            BESIDE
        }

        static Wish on(UUID message, Optional<UUID> head) {
            return new Wish(message, head, Optional.empty(), Way.ON);
        }

        static Wish beside(UUID message) {
            return new Wish(message, Optional.empty(), Optional.empty(), Way.BESIDE);
        }

        static Wish instead(RunQueue.Known old) {
            return new Wish(old.message(), old.parent(), Optional.of(old.run()), Way.BESIDE);
        }

        Wish after(Optional<UUID> other) {
            return new Wish(message, other, replaces, way);
        }
    }

    /** A message that nobody has begun to answer is changed in its place; any other stays, as another way on. */
    private Acceptance rewrite(
            Viewer viewer,
            LockedThread thread,
            SentMessage sent,
            Messages.Sent before,
            Wish wish,
            Words words,
            JsonNode parts,
            byte[] hash) {
        if (queue.lockUnclaimed(before.run())) {
            messages.rewrite(before.message(), parts, hash);
            files.attach(thread.id(), FileParts.in(parts));
            threads.edited(thread.id());
            return accepted(viewer, thread, before.run(), Again.REWRITTEN, Effects.none());
        }
        RunQueue.Known known =
                queue.find(thread.id(), before.message().toString()).orElseThrow();
        return place(viewer, thread, sent.onBusy(), sent.options(), wish.after(known.parent()), (run, turn) -> {
            messages.giveUpKey(before.message());
            return words.store(run, turn);
        });
    }

    private Acceptance place(
            Viewer viewer, LockedThread thread, OnBusy onBusy, RunOptions options, Wish wish, Words words) {
        List<UUID> unfinished = thread.isUntouched() ? List.of() : queue.unfinished(thread.id());
        if (onBusy == OnBusy.REJECT && !unfinished.isEmpty()) {
            return new Busy(unfinished.getFirst());
        }
        if (unfinished.size() > limits.queuePerThread()) {
            return new QueueFull(QueueFull.Scope.THREAD, limits.queuePerThread(), RETRY_AFTER);
        }
        if (isFull(viewer.org())) {
            return organisationFull();
        }
        UUID run = UUID.randomUUID();
        Spot spot = onBusy == OnBusy.INTERRUPT
                ? queue.firstWaiting(thread.id())
                        .map(next -> before(thread, next, unfinished.getFirst(), run, wish))
                        .orElseGet(() -> new Spot(thread.nextTurn(), wish.parent(), run))
                : new Spot(thread.nextTurn(), wish.parent(), run);
        Optional<Stored> stored = words.store(run, spot.turn());
        UUID answer = UUID.randomUUID();
        RunState state = queue.enqueue(new NewRun(
                run,
                thread.id(),
                viewer.org(),
                spot.turn(),
                wish.message(),
                spot.parent(),
                wish.replaces(),
                answer,
                options));
        threads.takeTurn(thread.id(), stored.flatMap(Stored::title), spot.head());
        if (unfinished.isEmpty()) {
            return stored.<Acceptance>map(s -> atOnce(viewer, thread, wish.message(), s.shown(), run, answer, state))
                    .orElseGet(() -> accepted(viewer, thread, run, Again.FIRST, Effects.none()));
        }
        Effects effects = onBusy == OnBusy.INTERRUPT
                ? interrupt(viewer, unfinished.getFirst())
                : new Effects(List.of(), pauses.declineAll(thread.id(), declined()));
        return accepted(viewer, thread, run, Again.FIRST, effects);
    }

    /** All is known that a look would find: it has the seat, and nothing is before it. */
    private static Accepted atOnce(
            Viewer viewer, LockedThread thread, UUID message, String shown, UUID run, UUID answer, RunState state) {
        return new Accepted(
                viewer.org(),
                thread.id(),
                thread.clientId().orElse(thread.id().toString()),
                message,
                shown,
                run,
                answer,
                state,
                0,
                Again.FIRST,
                Effects.none());
    }

    private record Spot(long turn, Optional<UUID> parent, UUID head) {}

    /** Before everything that waits, which keeps its order behind. The turns of what waits were never shown to anyone; and
     * what goes on from the active run goes on from the new one now. */
    private Spot before(LockedThread thread, RunQueue.Place next, UUID active, UUID run, Wish wish) {
        queue.makeRoom(thread.id(), next.turn());
        messages.makeRoom(thread.id(), next.turn());
        if (wish.way() == Wish.Way.BESIDE) {
            return new Spot(next.turn(), wish.parent(), run);
        }
        UUID parent = next.afterRemoved() ? next.parent().orElse(active) : active;
        boolean goesOn = queue.comeBetween(thread.id(), parent, run, next.turn()) > 0;
        return new Spot(next.turn(), Optional.of(parent), goesOn ? thread.head().orElse(run) : run);
    }

    public boolean knows(SentMessage sent) {
        var viewer = new Viewer(sent.org(), sent.subject(), Reach.OWN);
        return sent.thread()
                .flatMap(id -> threads.find(viewer, id))
                .flatMap(t -> sent.key().flatMap(key -> messages.find(viewer, t.id(), key)))
                .isPresent();
    }

    /** After the new run has its place, so that the seat, where it comes free at once, is the new run's. */
    private Effects interrupt(Viewer viewer, UUID active) {
        return switch (cancels.cancel(viewer, active)) {
            case CancelResult.Requested requested -> new Effects(List.of(requested.run()), Optional.empty());
            case CancelResult.Cancelled _, CancelResult.AlreadyFinished _, CancelResult.Unknown _ -> Effects.none();
        };
    }

    private boolean isFull(UUID org) {
        return limits.queuePerOrganisation() < Limits.NO_CAP
                && queue.unfinishedOfOrganisation(org) >= limits.queuePerOrganisation();
    }

    private QueueFull organisationFull() {
        return new QueueFull(QueueFull.Scope.ORGANISATION, limits.queuePerOrganisation(), RETRY_AFTER);
    }

    private Optional<LockedThread> make(Viewer viewer, SentMessage sent) {
        return threads.createLocked(viewer, sent.thread(), noChange(sent));
    }

    private static ThreadChange noChange(SentMessage sent) {
        return new ThreadChange(Optional.empty(), sent.options().agent(), Optional.empty());
    }

    private static JsonNode declined() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("approved", false)
                .put("reason", "the user wrote on instead of answering");
    }

    private Optional<Stored> store(
            LockedThread thread, SentMessage sent, UUID message, UUID run, long turn, JsonNode parts, byte[] hash) {
        messages.store(new NewMessage(
                message,
                thread.id(),
                turn,
                StoredMessage.SENT,
                sent.role(),
                parts,
                sent.metadata().map(CleanJson::clean),
                sent.key(),
                Optional.of(hash),
                run,
                NewMessage.Extent.COMPLETE));
        files.attach(thread.id(), FileParts.in(parts));
        return Optional.of(new Stored(title(parts), sent.key().orElse(message.toString())));
    }

    /** The beginning of what was said; of a message that is files only, the name of the first. */
    private static Optional<String> title(JsonNode parts) {
        return first(parts, "text").or(() -> first(parts, "filename"));
    }

    private static Optional<String> first(JsonNode parts, String field) {
        for (JsonNode part : parts) {
            String text = part.path(field).asText("").strip();
            if (!text.isEmpty()) {
                int end = text.offsetByCodePoints(0, Math.min(TITLE_LENGTH, text.codePointCount(0, text.length())));
                return Optional.of(text.substring(0, end).replaceAll("\\s+", " "));
            }
        }
        return Optional.empty();
    }

    private Accepted accepted(Viewer viewer, LockedThread thread, UUID run, Again again, Effects effects) {
        RunView view = runs.find(viewer, run).orElseThrow();
        return new Accepted(
                view.org(),
                thread.id(),
                view.threadShown(),
                view.messageId(),
                view.messageShown(),
                run,
                view.answerId(),
                view.state(),
                view.position(),
                again,
                effects);
    }
}
