package dev.continuo.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a paused run waits for.
 *
 * @param callId of the call; where it is asked for another time, with an ending of its own
 * @param kind what is asked: whether a call may be made, {@code approval}, or what its output is, {@code tool}
 * @param askedIdx what was committed when the run paused for it: all of that was seen before the answer
 */
public record Question(String callId, String kind, JsonNode question, int askedIdx, Optional<JsonNode> answer) {
    public static final String APPROVAL = "approval";
    public static final String TOOL = "tool";

    public static Question open(String callId, String kind, JsonNode question) {
        return new Question(callId, kind, question, 0, Optional.empty());
    }
}
