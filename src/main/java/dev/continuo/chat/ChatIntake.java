package dev.continuo.chat;

import dev.continuo.catalog.Catalog;
import dev.continuo.catalog.Wish;
import dev.continuo.file.Files;
import dev.continuo.identity.Caller;
import dev.continuo.intake.Acceptance;
import dev.continuo.intake.Acceptance.Accepted;
import dev.continuo.intake.Branch;
import dev.continuo.intake.Intake;
import dev.continuo.intake.OnBusy;
import dev.continuo.intake.Regeneration;
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
    private final ChatFiles files;

    @Inject
    ChatIntake(Intake intake, Limits limits, Catalog catalog, ChatFiles files) {
        this.intake = intake;
        this.limits = limits;
        this.catalog = catalog;
        this.files = files;
    }

    Accepted accept(Caller caller, String thread, ChatBody body) {
        var message = ChatMessage.of(body, limits);
        return switch (message) {
            case ChatMessage.New said -> {
                var id = said.id();
                var sent = new SentMessage(
                        caller.org(),
                        caller.subject(),
                        Optional.of(thread),
                        id,
                        "user",
                        files.kept(caller, thread, said),
                        Optional.empty(),
                        options(body),
                        onBusy(body),
                        branch(id, body));
                catalog.check(caller.org(), wish(body), body.number("temperature"), () -> intake.knows(sent));
                yield accepted(intake.accept(sent));
            }
            case ChatMessage.Anew(var candidates) -> {
                catalog.check(caller.org(), wish(body), body.number("temperature"));
                yield accepted(intake.regenerate(new Regeneration(
                        caller.org(), caller.subject(), thread, candidates, options(body), onBusy(body))));
            }
        };
    }

    private static Wish wish(ChatBody body) {
        return new Wish(body.text("agent"), body.text("tier"), body.text("model"));
    }

    /** Version 5 and later edit by sending a message again under its id, which they name beside it. */
    private static Branch branch(Optional<String> id, ChatBody body) {
        return id.isPresent() && id.equals(body.text("messageId")) ? new Branch.Rewriting() : new Branch.Newest();
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

    private static OnBusy onBusy(ChatBody body) {
        return switch (body.text("onBusy").orElse("enqueue")) {
            case "enqueue" -> OnBusy.ENQUEUE;
            case "reject" -> OnBusy.REJECT;
            case "interrupt" -> OnBusy.INTERRUPT;
            default ->
                throw Problem.of(400, "bad_value", "onBusy is enqueue, reject or interrupt. Use one of them.")
                        .at("onBusy");
        };
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
            case Acceptance.UnknownMessage _ ->
                throw Problem.of(
                                404,
                                "unknown_message",
                                "This chat has no such message. GET /api/threads/{id}/messages lists what it has.")
                        .at("messageId");
            case Acceptance.UnknownFile _ -> throw Files.unknown().at("messages");
            case Acceptance.UnknownThread _ -> throw ChatResource.unknown();
        };
    }
}
