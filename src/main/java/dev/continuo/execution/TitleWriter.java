package dev.continuo.execution;

import dev.continuo.catalog.Catalog;
import dev.continuo.catalog.Choice;
import dev.continuo.catalog.Wish;
import dev.continuo.model.ModelCall;
import dev.continuo.model.ModelEvent;
import dev.continuo.model.ModelException;
import dev.continuo.model.Models;
import dev.continuo.model.Prompt;
import dev.continuo.model.Route;
import dev.continuo.nats.Hints;
import dev.continuo.node.NodeState;
import dev.continuo.thread.Messages;
import dev.continuo.thread.StoredMessage;
import dev.continuo.thread.TitleJob;
import dev.continuo.thread.Titles;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Asks a model what a thread is about, a few at a time and beside the runs, whose slots it leaves alone. Nobody waits for a
 * title: where none comes, the beginning of the first message stays. */
@Singleton
public final class TitleWriter {
    private static final System.Logger LOG = System.getLogger(TitleWriter.class.getName());
    private static final int AT_ONCE = 4;
    private static final Duration CALL = Duration.ofSeconds(60);
    /** More than a call may take, so that a slow one is not made twice. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration LATER = Duration.ofSeconds(30);
    private static final int LONGEST = 4_000;

    private final Titles titles;
    private final Messages messages;
    private final BiFunction<UUID, Wish, Choice> catalog;
    private final Models models;
    private final NodeState node;
    private final Hints hints;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("titles").daemon().factory());

    @Inject
    public TitleWriter(Titles titles, Messages messages, Catalog catalog, Models models, NodeState node, Hints hints) {
        this(titles, messages, catalog::choose, models, node, hints);
    }

    TitleWriter(
            Titles titles,
            Messages messages,
            BiFunction<UUID, Wish, Choice> catalog,
            Models models,
            NodeState node,
            Hints hints) {
        this.titles = titles;
        this.messages = messages;
        this.catalog = catalog;
        this.models = models;
        this.node = node;
        this.hints = hints;
    }

    /** Begins with what is due; does not wait for models. */
    public void look() {
        int places = node.draining() ? 0 : free.drainPermits();
        if (places == 0) {
            return;
        }
        List<TitleJob> jobs = List.of();
        try {
            jobs = titles.take(places, PATIENCE);
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "cannot look for threads without a title; the next tick looks again", e);
        } finally {
            free.release(places - jobs.size());
        }
        for (TitleJob job : jobs) {
            Thread.ofVirtual().name("title-" + job.thread()).start(() -> write(job));
        }
    }

    private void write(TitleJob job) {
        try {
            Optional<String> title = ask(job);
            if (title.isEmpty()) {
                titles.failed(job, LATER);
            } else if (titles.store(job, title.get())) {
                hints.threadChanged(job.org(), job.thread());
            }
        } catch (ModelException e) {
            LOG.log(Level.DEBUG, "no title for thread=" + job.thread() + " in attempt " + job.attempt(), e);
            titles.failed(job, LATER.multipliedBy(job.attempt()));
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "no title for thread=" + job.thread() + " now; its row brings it back", e);
        } finally {
            free.release();
        }
    }

    private Optional<String> ask(TitleJob job) throws ModelException {
        List<StoredMessage> about = messages.ofRun(job.run());
        var prompt = new Prompt(
                TitleText.ask(text(about, StoredMessage.SENT), text(about, StoredMessage.ANSWER)),
                Optional.empty(),
                OptionalDouble.empty(),
                route(job.org()));
        var call = new ModelCall();
        var said = new StringBuilder();
        var asked = new AtomicReference<>(models.nameOf(prompt));
        var end = clock.schedule(call::abort, CALL.toMillis(), TimeUnit.MILLISECONDS);
        try {
            var usage = models.choose(prompt)
                    .generate(prompt, event -> hear(event, said, asked, call), call)
                    .usage();
            titles.used(job, asked.get(), usage.input(), usage.output(), usage.reasoning(), usage.cached());
        } finally {
            end.cancel(false);
        }
        return TitleText.of(said.toString());
    }

    /** The fast tier's model; where there is none, the one that answers a message that names nothing. */
    private Route route(UUID org) {
        var fast = catalog.apply(org, new Wish(Optional.empty(), Optional.of("fast"), Optional.empty()));
        return Routes.of(
                fast.where() instanceof Choice.Where.Nowhere
                        ? catalog.apply(org, new Wish(Optional.empty(), Optional.empty(), Optional.empty()))
                        : fast);
    }

    private static void hear(ModelEvent event, StringBuilder said, AtomicReference<String> asked, ModelCall call) {
        if (event instanceof ModelEvent.Fallback(String model)) {
            asked.set(model);
        }
        if (event instanceof ModelEvent.TextDelta(String text)) {
            said.append(text);
            if (said.length() > LONGEST) {
                call.abort();
            }
        }
    }

    private static String text(List<StoredMessage> about, int ord) {
        return about.stream()
                .filter(m -> m.ord() == ord)
                .flatMap(m -> StreamSupport.stream(m.parts().spliterator(), false))
                .filter(part -> part.path("type").asText().equals("text"))
                .map(part -> part.path("text").asText())
                .collect(Collectors.joining("\n"));
    }
}
