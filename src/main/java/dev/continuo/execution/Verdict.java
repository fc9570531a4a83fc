package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import dev.continuo.run.Question;
import dev.continuo.tool.Tool;
import dev.continuo.tool.Tool.Approval;
import java.util.Map;
import java.util.Optional;

/** What is to be done about one call of a finished step, without I/O. */
sealed interface Verdict {
    /** Call the tool. */
    record Make(LoggedCall call) implements Verdict {}

    /** Nothing is to be called: this came of it. */
    record Say(Chunk chunk) implements Verdict {}

    /** A person decides. */
    record Ask(Question question) implements Verdict {}

    /** An owner died inside the call, and neither the tool nor a person allows another one. */
    record Unknown(LoggedCall call) implements Verdict {}

    String REPEAT_DENIED =
            "The server was lost during this call; it is not known whether it has done what it was asked,"
                    + " and the user did not allow to call it again.";

    /**
     * @param begun how often it was begun
     * @param asked what people were asked in this run, by the question's call id
     */
    static Verdict on(LoggedCall call, Optional<Tool> known, int begun, Map<String, Question> asked) {
        if (known.isEmpty()) {
            return new Say(Chunks.toolOutputError(call.callId(), "There is no tool named " + call.tool() + "."));
        }
        var tool = known.get();
        if (tool.approval() == Approval.ANSWERED_BY_PERSON) {
            return answer(asked, Question.open(call.callId(), Question.TOOL, question(call)))
                    .map(answer -> person(call, answer))
                    .orElseGet(() -> new Ask(Question.open(call.callId(), Question.TOOL, question(call))));
        }
        if (begun > 0) {
            return interrupted(call, tool, begun, asked);
        }
        var allow = Question.open(call.callId(), Question.APPROVAL, question(call));
        if (tool.approval() == Approval.NONE && !asked.containsKey(call.callId())) {
            return new Make(call);
        }
        return answer(asked, allow)
                .map(answer -> isApproved(answer)
                        ? new Make(call)
                        : new Say(Chunks.toolOutputDenied(call.callId(), reason(answer))))
                .orElseGet(() -> new Ask(allow));
    }

    private static Verdict interrupted(LoggedCall call, Tool tool, int begun, Map<String, Question> asked) {
        if (tool.traits().idempotent() || tool.traits().readOnly()) {
            return new Make(call);
        }
        if (tool.approval() != Approval.ASK) {
            return new Unknown(call);
        }
        var again = Question.open(
                call.callId() + "-again" + begun,
                Question.APPROVAL,
                question(call).put("interrupted", true));
        return answer(asked, again)
                .map(answer -> isApproved(answer)
                        ? new Make(call)
                        : new Say(Chunks.toolOutputError(call.callId(), REPEAT_DENIED)))
                .orElseGet(() -> new Ask(again));
    }

    private static Verdict person(LoggedCall call, JsonNode answer) {
        return answer.has("output")
                ? new Say(Chunks.toolOutputAvailable(call.callId(), answer.get("output")))
                : new Say(
                        Chunks.toolOutputError(call.callId(), reason(answer).orElse("The user did not answer this.")));
    }

    private static Optional<JsonNode> answer(Map<String, Question> asked, Question question) {
        return Optional.ofNullable(asked.get(question.callId())).flatMap(Question::answer);
    }

    private static boolean isApproved(JsonNode answer) {
        return answer.path("approved").asBoolean();
    }

    private static Optional<String> reason(JsonNode answer) {
        return Optional.of(answer.path("reason").asText()).filter(r -> !r.isBlank());
    }

    private static ObjectNode question(LoggedCall call) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("toolCallId", call.callId())
                .put("toolName", call.tool())
                .set("input", call.input());
    }
}
