package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/**
 * A call that is in the log.
 *
 * @param idempotencyKey {@code run:idx} of the call's record; equal wherever the call is made again
 */
public record ToolCall(UUID run, String callId, String name, JsonNode input, String idempotencyKey) {}
