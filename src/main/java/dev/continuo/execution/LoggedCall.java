package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;

/** A call of a tool as the log has it. */
record LoggedCall(int idx, String callId, String tool, JsonNode input) {}
