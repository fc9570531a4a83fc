package dev.continuo.tool;

import java.util.List;

/** The tools of one agent for the time of one execution. Closing it ends what is in flight and lets its servers go. */
public interface Toolbox extends AutoCloseable {
    /** In an order that is the same on every node. */
    List<Tool> tools();

    /**
     * Checks the arguments against the schema, calls, and caps the output. Every failure of the tool or its server is a
     * {@link ToolResult.Failed}; may be called from several threads at once.
     *
     * @throws InterruptedException where the caller's thread was interrupted: the request is aborted, its effect unknown
     */
    ToolResult call(ToolCall call) throws InterruptedException;

    @Override
    void close();
}
