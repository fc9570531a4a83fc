package dev.continuo.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an agent may use beside words, and how far it may go by itself.
 *
 * @param stepLimit how many provider calls one run makes at most
 * @param tools names of the organisation's MCP servers; whether they are there is theirs to say
 */
public record AgentTools(int stepLimit, Approval approval, List<String> tools) {
    public static final int MOST_STEPS = 100;

    /** Of an agent that says nothing of it. */
    public static final AgentTools NONE = new AgentTools(30, Approval.ASK, List.of());

    /** Which calls need a person's word. */
    public enum Approval {
        /** None. */
        AUTO,
        /** Those that may change something. */
        READONLY,
        /** All. */
        ASK;

        public String apiName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Approval> named(String name) {
            return Stream.of(values()).filter(a -> a.apiName().equals(name)).findFirst();
        }
    }

    public AgentTools {
        if (stepLimit < 1 || stepLimit > MOST_STEPS) {
            throw new IllegalArgumentException("an agent makes 1 to " + MOST_STEPS + " steps, not " + stepLimit);
        }
        tools = List.copyOf(tools);
    }
}
