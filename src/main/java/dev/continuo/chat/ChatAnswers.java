package dev.continuo.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.answer.Answering;
import dev.continuo.identity.Audit;
import dev.continuo.run.AnswerResult;
import dev.continuo.run.Question;
import dev.continuo.run.RunQueries;
import dev.continuo.run.RunView;
import dev.continuo.thread.Threads;
import dev.continuo.thread.Viewer;
import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * How a chat client answers what a run asks: it posts the assistant's message back, in which its user has allowed or denied
 * calls, or given their output. Parts that are no answer to a question of the run are none of this surface's business.
 */
@Singleton
class ChatAnswers {
    private final Threads threads;
    private final RunQueries runs;
    private final Answering answering;

    @Inject
    ChatAnswers(Threads threads, RunQueries runs, Answering answering) {
        this.threads = threads;
        this.runs = runs;
        this.answering = answering;
    }

    /** @param after the last record that the client had when it answered */
    record Answered(RunView run, int after) {}

    static boolean isOne(ChatBody post) {
        return post.lastMessage()
                .filter(m -> m.path("role").asText().equals("assistant"))
                .isPresent();
    }

    Answered take(Viewer viewer, String chat, ChatBody post, Audit.By by) {
        var message = post.lastMessage().orElseThrow();
        var run = run(viewer, chat, message);
        var asked = answering.asked(run.id());
        int after = -1;
        for (var part : message.path("parts")) {
            for (var question : asked) {
                var answer = answer(question, part);
                if (answer.isPresent()) {
                    take(viewer, run, question, answer.get(), by);
                    after = Math.max(after, question.askedIdx());
                }
            }
        }
        if (after < 0) {
            throw nothingAsked();
        }
        return new Answered(run, after);
    }

    private RunView run(Viewer viewer, String chat, ObjectNode message) {
        var thread = threads.find(viewer, Ids.checked(chat)).orElseThrow(ChatResource::unknown);
        return Ids.ours(message.path("id").asText())
                .flatMap(answer -> runs.answering(viewer, thread.id(), answer))
                .or(() -> runs.unfinishedOf(viewer, thread.id()).stream().findFirst())
                .orElseThrow(ChatAnswers::nothingAsked);
    }

    /** What the part says to the question, as {@link Answering} takes it. */
    static Optional<ObjectNode> answer(Question question, JsonNode part) {
        return switch (part.path("state").asText()) {
            case "approval-responded" ->
                Optional.of(part.path("approval"))
                        .filter(a -> question.kind().equals(Question.APPROVAL)
                                && question.callId().equals(a.path("id").asText())
                                && a.path("approved").isBoolean())
                        .map(a -> decision(
                                a.path("approved").booleanValue(),
                                a.path("reason").asText()));
            case "output-available" ->
                isOutputOf(question, part)
                        ? Optional.of(
                                JsonNodeFactory.instance.objectNode().<ObjectNode>set("output", part.path("output")))
                        : Optional.empty();
            case "output-error" ->
                isOutputOf(question, part)
                        ? Optional.of(decision(false, part.path("errorText").asText()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean isOutputOf(Question question, JsonNode part) {
        return question.kind().equals(Question.TOOL)
                && question.callId().equals(part.path("toolCallId").asText());
    }

    private static ObjectNode decision(boolean approved, String reason) {
        var decision = JsonNodeFactory.instance.objectNode().put("approved", approved);
        return reason.isBlank() ? decision : decision.put("reason", reason);
    }

    private void take(Viewer viewer, RunView run, Question question, ObjectNode answer, Audit.By by) {
        switch (answering.answer(viewer, run.id(), question.callId(), answer, by)) {
            case AnswerResult.Resumed _, AnswerResult.MoreToAnswer _, AnswerResult.Repeated _ -> {}
            case AnswerResult.Conflict _ ->
                throw Problem.of(
                        409,
                        "already_answered",
                        "This was answered before, and not like this. The first answer counts; resume the stream.");
            case AnswerResult.OtherKind _, AnswerResult.NotPaused _, AnswerResult.Unknown _ -> throw nothingAsked();
        }
    }

    private static Problem nothingAsked() {
        return Problem.of(
                409,
                "nothing_asked",
                "The last message is the assistant's, and answers nothing that its run asks. Send a message of the user "
                        + "last, or an answer to an open question.");
    }
}
