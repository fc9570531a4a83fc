package dev.continuo.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Jackson's mappers, all with one pool of buffers. By itself Jackson leaves them with each thread that ever read or wrote:
 * 8 kB for each open stream, whose virtual thread reads once and then waits for hours.
 */
public final class Mappers {
    private static final ObjectMapper PLAIN =
            JsonMapper.builder(factory().build()).build();

    private Mappers() {}

    /** Jackson's defaults. Shared, so nobody configures it. */
    public static ObjectMapper plain() {
        return PLAIN;
    }

    /** The document, for threads that wait afterwards: its own {@code toString} writes with a mapper of Jackson's. */
    public static String text(JsonNode document) {
        try {
            return PLAIN.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that cannot be written", e);
        }
    }

    /** A document that PostgreSQL keeps as {@code jsonb}. */
    public static JsonNode tree(String jsonb) {
        try {
            return PLAIN.readTree(jsonb);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb that is not JSON", e);
        }
    }

    /** For a mapper of one's own. */
    public static JsonFactoryBuilder factory() {
        return new JsonFactoryBuilder().recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool());
    }
}
