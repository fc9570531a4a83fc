package dev.continuo.tool;

import dev.continuo.catalog.SealKeeper;
import dev.continuo.egress.BaseUrl;
import dev.continuo.egress.Egress;
import dev.continuo.egress.Refused;
import dev.continuo.identity.Audit;
import dev.continuo.secrets.Place;
import dev.continuo.secrets.Seal;
import dev.continuo.secrets.Unreadable;
import dev.continuo.tool.McpServer.Auth;
import dev.continuo.tool.McpServer.Transport;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Makes and changes MCP servers. A bearer is sealed before it is stored, goes only where it was given for, and goes when
 * the address becomes another.
 */
@Singleton
class McpServers implements SealKeeper {
    private static final int MOST = 64;
    private static final int MOST_ARGS = 32;
    private static final int LONGEST_ARG = 1_024;
    private static final int MOST_ALLOWED = 1_000;
    private static final int LONGEST_TOOL = 256;
    private static final int LONGEST_TIMEOUT = 600;

    private final McpServerRows rows;
    private final McpServerSteps steps;
    private final Egress egress;
    private final Seal seal;
    private final Commands commands;
    private final McpSettings settings;

    @Inject
    McpServers(
            McpServerRows rows,
            McpServerSteps steps,
            Egress egress,
            Seal seal,
            Commands commands,
            McpSettings settings) {
        this.rows = rows;
        this.steps = steps;
        this.egress = egress;
        this.seal = seal;
        this.commands = commands;
        this.settings = settings;
    }

    List<McpServer> all(UUID org) {
        return rows.all(org);
    }

    McpServer find(UUID org, String name) {
        return rows.find(org, name).orElseThrow(Refusals::unknown);
    }

    McpServer put(String name, McpServerRequest body, Audit.By by) {
        if (name.equals(AskUser.NAME)) {
            throw Problem.of(
                    400,
                    "bad_id",
                    "To agents '" + AskUser.NAME + "' is the tool that asks the user. Use another name.");
        }
        var before = rows.find(by.org(), name);
        var id = before.map(McpServer::id).orElseGet(UUID::randomUUID);
        var server = new McpServer(
                by.org(),
                id,
                name,
                transport(body, new Place(by.org(), id), before.map(McpServer::transport)),
                body.timeoutSeconds() == null
                        ? settings.callTimeout()
                        : Duration.ofSeconds(
                                Refusals.within("timeoutSeconds", body.timeoutSeconds(), 1, LONGEST_TIMEOUT)),
                allowed(body.allowedTools()),
                body.outputBytes() == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(Refusals.within(
                                "outputBytes", body.outputBytes(), McpSettings.LEAST_OUTPUT, settings.mostOutput())));
        boolean done = before.map(old -> steps.change(server, old, said(old, server, body), by))
                .orElseGet(() -> steps.create(server, MOST, by));
        if (!done) {
            throw before.isEmpty() && rows.all(by.org()).size() >= MOST
                    ? Problem.of(
                            409,
                            "too_many_mcp_servers",
                            "An organisation has up to " + MOST + " MCP servers. Delete one.")
                    : Problem.of(
                            409,
                            "changed_meanwhile",
                            "Somebody changed this MCP server at the same time. Read it, then try again.");
        }
        return server;
    }

    void delete(String name, Audit.By by) {
        if (!steps.delete(name, by)) {
            find(by.org(), name);
            throw Refusals.inUse(rows.agentsWith(by.org(), name));
        }
    }

    @Override
    public Resealed reseal(Audit.By by) {
        int done = 0;
        int unreadable = 0;
        for (var row : rows.sealedBearers()) {
            if (seal.isCurrent(row.sealed())) {
                continue;
            }
            try {
                var anew = seal.seal(seal.open(row.sealed(), row.place()), row.place());
                done += steps.reseal(row, anew, by) ? 1 : 0;
            } catch (Unreadable e) {
                unreadable++;
            }
        }
        return new Resealed(done, unreadable);
    }

    private Transport transport(McpServerRequest body, Place place, Optional<Transport> before) {
        if (body.transport() == null) {
            throw Refusals.missing("transport", "The field 'transport' is missing. Send http or stdio.");
        }
        return switch (body.transport()) {
            case "http" -> http(body, place, before);
            case "stdio" -> stdio(body);
            default -> throw Refusals.bad("transport", "The transport is http or stdio. Use one of them.");
        };
    }

    private Transport http(McpServerRequest body, Place place, Optional<Transport> before) {
        if (body.command() != null || body.args() != null) {
            throw Refusals.bad(
                    body.command() != null ? "command" : "args",
                    "A server over http has no command. Leave 'command' and 'args' out.");
        }
        if (body.url() == null) {
            throw Refusals.missing(
                    "url", "The field 'url' is missing. Send it, such as https://tools.example.com/mcp.");
        }
        var url = checked(body.url());
        boolean given = body.bearer() != null;
        if (given && "none".equals(body.auth())) {
            throw Refusals.bad(
                    "bearer", "A server with auth none takes no bearer. Leave it out, or set auth to bearer.");
        }
        if (given && !body.bearer().reveal().matches("[!-~]{1,4096}")) {
            throw Refusals.bad("bearer", "A bearer has 1 to 4096 visible ASCII characters.");
        }
        var old = before.filter(Transport.Http.class::isInstance).map(Transport.Http.class::cast);
        var auth = auth(
                body.auth(), given || old.filter(o -> o.auth() == Auth.BEARER).isPresent());
        var kept = old.filter(o -> auth == Auth.BEARER && BaseUrl.parse(o.url()).sameOrigin(url))
                .flatMap(Transport.Http::sealedBearer);
        var sealed = given ? Optional.of(SealKeeper.seal(seal, body.bearer(), place)) : kept;
        return new Transport.Http(url.toString(), auth, sealed);
    }

    private static Auth auth(String auth, boolean hasOne) {
        return switch (auth) {
            case null -> hasOne ? Auth.BEARER : Auth.NONE;
            case "bearer" -> Auth.BEARER;
            case "none" -> Auth.NONE;
            default -> throw Refusals.bad("auth", "auth is bearer or none. Use one of them.");
        };
    }

    private Transport stdio(McpServerRequest body) {
        if (body.url() != null || body.auth() != null || body.bearer() != null) {
            throw Refusals.bad(
                    body.url() != null ? "url" : body.auth() != null ? "auth" : "bearer",
                    "A server over stdio has no address. Leave 'url', 'auth' and 'bearer' out.");
        }
        if (body.command() == null) {
            throw Refusals.missing("command", "The field 'command' is missing. Send a name that the operator allows.");
        }
        if (!commands.allows(body.command())) {
            throw Problem.of(
                            400,
                            "command_refused",
                            "This server starts no such command. "
                                    + (commands.names().isEmpty()
                                            ? "Its operator allows none: continuo.mcp.commands."
                                            : "Its operator allows " + String.join(", ", commands.names()) + "."))
                    .at("command");
        }
        var args = body.args() == null ? List.<String>of() : body.args();
        if (args.size() > MOST_ARGS
                || args.stream().anyMatch(a -> a == null || a.length() > LONGEST_ARG || a.indexOf('\0') >= 0)) {
            throw Refusals.bad(
                    "args",
                    "There are up to " + MOST_ARGS + " args of up to " + LONGEST_ARG + " characters, none NUL.");
        }
        return new Transport.Stdio(body.command(), args);
    }

    private static Optional<List<String>> allowed(List<String> tools) {
        if (tools == null) {
            return Optional.empty();
        }
        if (tools.size() > MOST_ALLOWED
                || tools.stream().anyMatch(t -> t == null || t.isBlank() || t.length() > LONGEST_TOOL)) {
            throw Refusals.bad(
                    "allowedTools",
                    "Up to " + MOST_ALLOWED + " names of tools of up to " + LONGEST_TOOL
                            + " characters. Use the names that POST …/probe lists.");
        }
        return Optional.of(tools.stream().distinct().toList());
    }

    private BaseUrl checked(String url) {
        try {
            return egress.checked(url);
        } catch (Refused e) {
            throw Problem.of(400, e.code(), e.getMessage()).at("url");
        }
    }

    private static String said(McpServer before, McpServer after, McpServerRequest body) {
        boolean had = before.transport() instanceof Transport.Http h
                && h.sealedBearer().isPresent();
        boolean has = after.transport() instanceof Transport.Http h
                && h.sealedBearer().isPresent();
        return body.bearer() != null ? "done, bearer set" : had && !has ? "done, bearer cleared" : "done";
    }
}
