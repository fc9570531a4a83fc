package dev.continuo.tool;

import dev.continuo.identity.Audit;
import dev.continuo.tool.McpServerRows.SealedBearer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** Changes of MCP servers, each with its audit row. */
@ApplicationScoped
public class McpServerSteps {
    private final McpServerRows rows;
    private final Audit audit;

    @Inject
    McpServerSteps(McpServerRows rows, Audit audit) {
        this.rows = rows;
        this.audit = audit;
    }

    protected McpServerSteps() {
        this(null, null);
    }

    /** False where there are too many, or somebody else was faster. */
    @Transactional
    public boolean create(McpServer server, int most, Audit.By by) {
        if (rows.insert(server, most) == 0) {
            return false;
        }
        audit.write(by, "mcp-server.create", server.name(), "done");
        return true;
    }

    /** False where somebody else was faster. */
    @Transactional
    public boolean change(McpServer server, McpServer before, String result, Audit.By by) {
        if (rows.update(server, before) == 0) {
            return false;
        }
        audit.write(by, "mcp-server.change", server.name(), result);
        return true;
    }

    /** False where there is none, or an agent names it. */
    @Transactional
    public boolean delete(String name, Audit.By by) {
        if (rows.delete(by.org(), name) == 0) {
            return false;
        }
        audit.write(by, "mcp-server.delete", name, "done");
        return true;
    }

    /** False where it was changed meanwhile, and so sealed under the newest key anyway. */
    @Transactional
    public boolean reseal(SealedBearer before, byte[] after, Audit.By by) {
        if (rows.reseal(before, after) == 0) {
            return false;
        }
        audit.write(by, "mcp-server.reseal", before.place().id().toString(), "done");
        return true;
    }
}
