package dev.continuo.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.tool.Tool;
import dev.continuo.tool.Tool.Approval;
import dev.continuo.tool.Tool.Traits;
import dev.continuo.tool.ToolCall;
import dev.continuo.tool.ToolResult;
import dev.continuo.tool.Toolbox;
import dev.continuo.tool.Toolboxes;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Tools of every kind that remember who called them; those whose input says {@code "wait": true} wait for the gate. */
final class TestTools implements Toolboxes {
    private static final Traits WRITES = new Traits(false, false);

    final List<ToolCall> calls = new CopyOnWriteArrayList<>();
    final CountDownLatch gate = new CountDownLatch(1);
    volatile boolean away;
    /** How often the database does not answer. */
    volatile int unread;

    volatile int interrupted;

    private static Tool tool(String name, Traits traits, Approval approval) {
        return new Tool(name, name, JsonNodeFactory.instance.objectNode().put("type", "object"), traits, approval);
    }

    @Override
    public Closed of(UUID org, Optional<String> agent) {
        if (unread > 0) {
            unread--;
            throw new IllegalStateException("the database is away");
        }
        return this::open;
    }

    private Toolbox open() throws Unavailable {
        if (away) {
            throw new Unavailable("the server of the tools is away", null);
        }
        return new Toolbox() {
            @Override
            public List<Tool> tools() {
                return List.of(
                        tool("add", WRITES, Approval.NONE),
                        tool("repeatable", new Traits(false, true), Approval.NONE),
                        tool("book", WRITES, Approval.ASK),
                        tool("ask_user", WRITES, Approval.ANSWERED_BY_PERSON),
                        tool("broken", WRITES, Approval.NONE),
                        tool("big", WRITES, Approval.NONE));
            }

            @Override
            public ToolResult call(ToolCall call) throws InterruptedException {
                return answer(call);
            }

            @Override
            public void close() {}
        };
    }

    private ToolResult answer(ToolCall call) throws InterruptedException {
        calls.add(call);
        if (call.input().path("wait").asBoolean()) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                interrupted++;
                throw e;
            }
        }
        return switch (call.name()) {
            case "broken" -> throw new IllegalStateException("broken by its own fault");
            case "big" -> new ToolResult.Output(JsonNodeFactory.instance.textNode("x".repeat(300_000)));
            default -> new ToolResult.Output(output(call.input()));
        };
    }

    private static JsonNode output(JsonNode input) {
        return JsonNodeFactory.instance.objectNode().put("sum", input.path("n").asInt() + 1);
    }

    /** How often each call of the tool was made. */
    long made(String tool) {
        return calls.stream().filter(c -> c.name().equals(tool)).count();
    }
}
