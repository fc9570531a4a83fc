package dev.continuo.chat;

import dev.continuo.catalog.Catalog;
import dev.continuo.catalog.Wish;
import dev.continuo.identity.Caller;
import dev.continuo.intake.Acceptance;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Intake;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.SentMessage;
import dev.continuo.run.OnTakeover;
import dev.continuo.run.RunOptions;
import dev.continuo.web.Limits;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Turns what a chat client posts into an accepted message, or says why not. */
@Singleton
class ChatIntake {
    private final Intake intake;
    private final Limits limits;
    private final Catalog catalog;

    @Inject
    ChatIntake(Intake intake, Limits limits, Catalog catalog) {
        this.intake = intake;
        this.limits = limits;
        this.catalog = catalog;
    }

    Accepted accept(Caller caller, String thread, ChatBody body) {
        var message = ChatMessage.of(body, limits);
        var sent = new SentMessage(
                caller.org(),
                caller.subject(),
                Optional.of(thread),
                message.id(),
                "user",
                message.parts(),
                Optional.empty(),
                options(body),
                OnBusy.ENQUEUE);
        var wish = new Wish(body.text("agent"), body.text("tier"), body.text("model"));
        try {
            catalog.check(caller.org(), wish, body.number("temperature"));
        } catch (Problem refusal) {
            if (!intake.knows(sent)) {
                throw refusal;
            }
        }
        return accepted(intake.accept(sent));
    }

    /** What an app puts beside the messages; only what is meant for us is looked at. */
    private RunOptions options(ChatBody body) {
        return new RunOptions(
                body.text("agent"),
                body.text("tier"),
                body.text("model"),
                body.number("temperature"),
                OnTakeover.CONTINUE);
    }

    private static Accepted accepted(Acceptance acceptance) {
        return switch (acceptance) {
            case Accepted a -> a;
            case Acceptance.Conflict c ->
                throw Problem.of(
                        409,
                        "key_reused",
                        "This message id was used for another message, which is answered by run " + c.run()
                                + ". Send the new message under a new id.");
            case Acceptance.Busy b ->
                throw Problem.of(409, "busy", "Run " + b.activeRun() + " of this thread is unfinished. Wait for it.");
            case Acceptance.QueueFull full ->
                throw Problem.of(
                                429,
                                "queue_full",
                                "Too many messages wait for an answer. Try again after as long as Retry-After says.")
                        .retryAfter(full.retryAfter());
            case Acceptance.UnknownThread _ -> throw ChatResource.unknown();
        };
    }
}
