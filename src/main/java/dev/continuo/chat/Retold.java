package dev.continuo.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.log.Chunk;
import dev.continuo.log.Chunks;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A stored message as the chunks that lead to it, for runs whose records are deleted. */
final class Retold {
    private final List<byte[]> chunks = new ArrayList<>();
    private boolean inStep;
    private int next = 1;

    private Retold() {}

    /** From {@code start} to the end of the last step; {@code finish} is not among them. */
    static List<byte[]> of(UUID answer, JsonNode parts) {
        var retold = new Retold();
        retold.add(Chunks.start(answer));
        parts.forEach(retold::part);
        retold.endStep();
        return retold.chunks;
    }

    private void part(JsonNode part) {
        String type = part.path("type").asText();
        switch (type) {
            case "step-start" -> {
                endStep();
                add(Chunks.startStep());
                inStep = true;
            }
            case "text" -> {
                String id = "t" + next++;
                add(Chunks.textStart(id));
                add(Chunks.textDelta(id, part.path("text").asText()));
                add(Chunks.textEnd(id));
            }
            case "reasoning" -> {
                String id = "r" + next++;
                add(Chunks.reasoningStart(id));
                add(Chunks.reasoningDelta(id, part.path("text").asText()));
                add(Chunks.reasoningEnd(id));
            }
            case "dynamic-tool" -> tool(part);
            default -> {}
        }
    }

    private void tool(JsonNode part) {
        String call = part.path("toolCallId").asText();
        add(Chunks.toolInputAvailable(call, part.path("toolName").asText(), part.path("input")));
        switch (part.path("state").asText()) {
            case "output-available" -> add(Chunks.toolOutputAvailable(call, part.path("output")));
            case "output-error" ->
                add(Chunks.toolOutputError(call, part.path("errorText").asText()));
            case "output-denied" -> add(Chunks.toolOutputError(call, SaidChunks.DENIED));
            default -> {}
        }
    }

    private void endStep() {
        if (inStep) {
            add(Chunks.finishStep());
            inStep = false;
        }
    }

    private void add(Chunk chunk) {
        chunks.add(chunk.json());
    }
}
