package dev.continuo.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Acceptance.Again;
import dev.continuo.intake.Acceptance.Busy;
import dev.continuo.intake.Acceptance.Conflict;
import dev.continuo.intake.Acceptance.Effects;
import dev.continuo.intake.Acceptance.QueueFull;
import dev.continuo.intake.Acceptance.UnknownThread;
import dev.continuo.run.CancelResult;
import dev.continuo.run.Cancels;
import dev.continuo.run.NewRun;
import dev.continuo.run.Pauses;
import dev.continuo.run.RunQueries;
import dev.continuo.run.RunQueue;
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
import java.util.ArrayList;
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
    private final Limits limits;

    @Inject
    public AcceptStep(
            Threads threads,
            Messages messages,
            RunQueue queue,
            RunQueries runs,
            Cancels cancels,
            Pauses pauses,
            Limits limits) {
        this.threads = threads;
        this.messages = messages;
        this.queue = queue;
        this.runs = runs;
        this.cancels = cancels;
        this.pauses = pauses;
        this.limits = limits;
    }

    protected AcceptStep() {
        this(null, null, null, null, null, null, null);
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
        Optional<LockedThread> locked = known.or(() -> make(viewer, sent));
        if (locked.isEmpty()) {
            return new UnknownThread();
        }
        LockedThread thread = locked.get();
        Optional<Messages.Sent> before = sent.key().flatMap(key -> messages.sent(thread.id(), key));
        if (before.isPresent()) {
            return Arrays.equals(before.get().bodyHash(), hash)
                    ? accepted(viewer, thread, before.get().run(), Again.REPEATED, Effects.none())
                    : new Conflict(before.get().message(), before.get().run());
        }
        List<UUID> unfinished = queue.unfinished(thread.id());
        if (sent.onBusy() == OnBusy.REJECT && !unfinished.isEmpty()) {
            return new Busy(unfinished.getFirst());
        }
        if (unfinished.size() > limits.queuePerThread() && sent.onBusy() != OnBusy.INTERRUPT) {
            return new QueueFull(QueueFull.Scope.THREAD, limits.queuePerThread(), RETRY_AFTER);
        }
        if (isFull(sent.org())) {
            return organisationFull();
        }
        Effects effects = unfinished.isEmpty() ? Effects.none() : effects(viewer, sent, thread, unfinished);
        return write(viewer, thread, sent, parts, hash, effects);
    }

    public boolean knows(SentMessage sent) {
        var viewer = new Viewer(sent.org(), sent.subject(), Reach.OWN);
        return sent.thread()
                .flatMap(id -> threads.find(viewer, id))
                .flatMap(t -> sent.key().flatMap(key -> messages.find(viewer, t.id(), key)))
                .isPresent();
    }

    private Effects effects(Viewer viewer, SentMessage sent, LockedThread thread, List<UUID> unfinished) {
        return sent.onBusy() == OnBusy.INTERRUPT
                ? new Effects(interrupt(viewer, unfinished), Optional.empty())
                : new Effects(List.of(), pauses.declineAll(thread.id(), declined()));
    }

    private boolean isFull(UUID org) {
        return queue.unfinishedOfOrganisation(org) >= limits.queuePerOrganisation();
    }

    private QueueFull organisationFull() {
        return new QueueFull(QueueFull.Scope.ORGANISATION, limits.queuePerOrganisation(), RETRY_AFTER);
    }

    private Optional<LockedThread> make(Viewer viewer, SentMessage sent) {
        return threads.create(viewer, sent.thread(), noChange(sent))
                .flatMap(t -> threads.lock(
                        viewer.org(), viewer.subject(), sent.thread().orElseGet(() -> t.id().toString())));
    }

    private static ThreadChange noChange(SentMessage sent) {
        return new ThreadChange(Optional.empty(), sent.options().agent(), Optional.empty());
    }

    /** The last first, so that no seat is given to a run that is cancelled next. */
    private List<UUID> interrupt(Viewer viewer, List<UUID> unfinished) {
        var running = new ArrayList<UUID>();
        for (UUID run : unfinished.reversed()) {
            if (cancels.cancel(viewer, run) instanceof CancelResult.Requested requested) {
                running.add(requested.run());
            }
        }
        return running;
    }

    private static JsonNode declined() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("approved", false)
                .put("reason", "the user wrote on instead of answering");
    }

    private Accepted write(
            Viewer viewer, LockedThread thread, SentMessage sent, JsonNode parts, byte[] hash, Effects effects) {
        UUID run = UUID.randomUUID();
        messages.store(new NewMessage(
                UUID.randomUUID(),
                thread.id(),
                thread.nextTurn(),
                StoredMessage.SENT,
                sent.role(),
                parts,
                sent.metadata().map(CleanJson::clean),
                sent.key(),
                Optional.of(hash),
                run,
                NewMessage.Extent.COMPLETE));
        queue.enqueue(new NewRun(run, thread.id(), sent.org(), thread.nextTurn(), UUID.randomUUID(), sent.options()));
        threads.takeTurn(thread.id(), title(parts));
        return accepted(viewer, thread, run, Again.FIRST, effects);
    }

    private static Optional<String> title(JsonNode parts) {
        for (JsonNode part : parts) {
            String text = part.path("text").asText("").strip();
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
