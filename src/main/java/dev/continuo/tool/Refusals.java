package dev.continuo.tool;

import dev.continuo.identity.Caller;
import dev.continuo.identity.Role;
import dev.continuo.web.Ids;
import dev.continuo.web.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** The refusals of the resource of MCP servers. */
final class Refusals {
    private static final int LONGEST_NAME = 64;
    private static final int MOST_SHOWN = 10;

    private Refusals() {}

    static Caller admin(Caller caller) {
        if (caller.role() != Role.ADMIN) {
            throw Problem.of(403, "admin_only", "Only admins change MCP servers. Ask one, or use an admin's key.");
        }
        return caller;
    }

    static Problem bad(String field, String detail) {
        return Problem.of(400, "bad_value", detail).at(field);
    }

    static Problem missing(String field, String detail) {
        return Problem.of(400, "missing_field", detail).at(field);
    }

    static int within(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw bad(
                    field,
                    "The field '" + field + "' is a number from " + least + " to " + most + ". Use such a number.");
        }
        return value;
    }

    static String name(String name) {
        if (Ids.checked(name).length() > LONGEST_NAME) {
            throw Problem.of(400, "bad_id", "The name of an MCP server has up to 64 characters. Use such a name.");
        }
        return name;
    }

    static Problem inUse(List<String> agents) {
        var shown = agents.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
        return Problem.of(
                409,
                "mcp_server_in_use",
                "It is named by the agents " + shown + (agents.size() > MOST_SHOWN ? " and others" : "")
                        + ". Take it out of their tools first: PUT /api/agents/{agent}.");
    }

    static Problem unknown() {
        return Problem.of(
                404,
                "unknown_mcp_server",
                "Your organisation has no such MCP server. GET /api/mcp-servers lists them.");
    }
}
