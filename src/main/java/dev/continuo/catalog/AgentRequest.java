package dev.continuo.catalog;

import dev.continuo.catalog.AgentTools.Approval;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code PUT /api/agents/{a}}. */
@Schema(name = "AgentRequest")
public record AgentRequest(
        @Schema(required = true, description = "A system message before every prompt")
        String instructions,

        @Schema(enumeration = {"fast", "smart", "thinking"}) String tier,

        @Schema(minimum = "0", maximum = "2") Double temperature,

        @Schema(
                minimum = "1",
                maximum = "1000",
                description = "How many of the thread's last messages the model is shown; all where it is left out")
        Integer historyMessages,

        @Schema(
                minimum = "1",
                maximum = "100",
                defaultValue = "30",
                description = "How many provider calls one run makes at most")
        Integer stepLimit,

        @Schema(
                enumeration = {"auto", "readonly", "ask"},
                defaultValue = "ask",
                description = "Which tool calls wait for a person: none, those that may change something, or all")
        String approval,

        @Schema(
                description =
                        "Names of MCP servers whose tools it may use, and ask_user, by which it asks its user; none "
                                + "where it is left out")
        List<String> tools) {
    private static final int LONGEST = 32_768;
    private static final int LONGEST_HISTORY = 1_000;
    private static final int MOST_TOOLS = 64;
    private static final Pattern TOOL = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    Agent checked(String id) {
        var text = Refusals.required("instructions", instructions);
        if (text.codePointCount(0, text.length()) > LONGEST || text.indexOf('\0') >= 0) {
            throw Refusals.bad(
                    "instructions",
                    "Instructions have up to " + LONGEST + " characters, and none is NUL. Shorten them.");
        }
        if (tier != null && Tier.Name.named(tier).isEmpty()) {
            throw Refusals.bad("tier", "There is no such tier. They are fast, smart and thinking.");
        }
        return new Agent(
                id,
                text,
                Optional.ofNullable(tier),
                temperature == null ? OptionalDouble.empty() : OptionalDouble.of(Refusals.temperature(temperature)),
                historyMessages == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(Refusals.within("historyMessages", historyMessages, LONGEST_HISTORY)),
                agentTools());
    }

    private AgentTools agentTools() {
        var named = tools == null ? List.<String>of() : tools;
        if (named.size() > MOST_TOOLS
                || named.stream().anyMatch(t -> t == null || !TOOL.matcher(t).matches())) {
            throw Refusals.bad(
                    "tools",
                    "The tools are up to " + MOST_TOOLS + " names of MCP servers, each 1 to 64 characters out of "
                            + "A-Z a-z 0-9 _ -. Use such names.");
        }
        return new AgentTools(
                stepLimit == null
                        ? AgentTools.NONE.stepLimit()
                        : Refusals.within("stepLimit", stepLimit, AgentTools.MOST_STEPS),
                approval == null
                        ? AgentTools.NONE.approval()
                        : Approval.named(approval)
                                .orElseThrow(() -> Refusals.bad(
                                        "approval", "The approval is auto, readonly or ask. Use one of them.")),
                named.stream().distinct().toList());
    }
}
