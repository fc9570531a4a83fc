package dev.continuo.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * One tool as a model sees it.
 *
 * @param name unique in its toolbox, {@code [A-Za-z0-9_-]{1,64}}, as every provider takes it
 * @param inputSchema a JSON Schema of an object
 */
public record Tool(String name, String description, JsonNode inputSchema, Traits traits, Approval approval) {
    public Tool {
        Objects.requireNonNull(name);
        Objects.requireNonNull(traits);
        Objects.requireNonNull(approval);
    }

    /**
     * What its server declares of it; only hints, so no security rests on them alone.
     *
     * @param idempotent a call whose node died inside it may be made again
     */
    public record Traits(boolean readOnly, boolean idempotent) {}

    /** What has to happen before a call of it is answered. */
    public enum Approval {
        /** It is called at once. */
        NONE,
        /** A person allows or denies each call. */
        ASK,
        /** It has no executor: what a person answers is its output. */
        ANSWERED_BY_PERSON
    }
}
