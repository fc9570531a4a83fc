package dev.continuo.tool;

import dev.continuo.secrets.Place;
import dev.continuo.sql.SqlArray;
import dev.continuo.tool.McpServer.Auth;
import dev.continuo.tool.McpServer.Transport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;

/** The table of MCP servers. Every statement names the organisation. */
@Singleton
class McpServerRows {
    private static final String SERVER = """
            select org_id, server_id, name, transport, url, auth, sealed_bearer, command, args,
              extract(epoch from timeout)::int as seconds, allowed, output_bytes from mcp_servers
            """;

    private static final Argument NO_ARRAY = (position, statement, _) -> statement.setNull(position, Types.ARRAY);

    private final Jdbi jdbi;

    /** For sealing anew. */
    record SealedBearer(Place place, byte[] sealed) {}

    @Inject
    McpServerRows(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    List<McpServer> all(UUID org) {
        return jdbi.withHandle(h -> h.createQuery(SERVER + " where org_id = :org order by name")
                .bind("org", org)
                .map((r, c) -> server(r))
                .list());
    }

    Optional<McpServer> find(UUID org, String name) {
        return jdbi.withHandle(h -> h.createQuery(SERVER + " where org_id = :org and name = :name")
                .bind("org", org)
                .bind("name", name)
                .map((r, c) -> server(r))
                .findOne());
    }

    /** @return 0 where there are as many as there may be, or one of this name was made meanwhile */
    int insert(McpServer server, int most) {
        return jdbi.withHandle(
                h -> bound(h.createUpdate("""
                        insert into mcp_servers (org_id, server_id, name, transport, url, auth, sealed_bearer, command, args,
                          timeout, allowed, output_bytes)
                        select :org, :id, :name, :transport, cast(:url as text), :auth, cast(:sealed as bytea),
                          cast(:command as text), cast(:args as text[]),
                          :seconds * interval '1 second', cast(:allowed as text[]), cast(:output as int)
                        where (select count(*) from mcp_servers where org_id = :org) < :most
                        on conflict (org_id, name) do nothing
                        """), server).bind("most", most).execute());
    }

    /** @return 0 where it was changed since it was read: the address, the bearer or all of it */
    int update(McpServer server, McpServer before) {
        return jdbi.withHandle(h -> bound(h.createUpdate("""
                        update mcp_servers set transport = :transport, url = cast(:url as text), auth = :auth,
                          sealed_bearer = cast(:sealed as bytea), command = cast(:command as text), args = cast(:args as text[]),
                          timeout = :seconds * interval '1 second', allowed = cast(:allowed as text[]),
                          output_bytes = cast(:output as int)
                        where org_id = :org and server_id = :id
                          and url is not distinct from cast(:urlBefore as text)
                          and sealed_bearer is not distinct from cast(:sealedBefore as bytea)
                        """), server)
                .bind("urlBefore", url(before.transport()))
                .bind("sealedBefore", sealed(before.transport()))
                .execute());
    }

    /** @return 0 where there is none, or an agent names it */
    int delete(UUID org, String name) {
        return jdbi.withHandle(
                h -> h.createUpdate("""
                        delete from mcp_servers where org_id = :org and name = :name
                          and not exists (select 1 from agents where org_id = :org and :name = any (tools))
                        """).bind("org", org).bind("name", name).execute());
    }

    /** The agents that name it. */
    List<String> agentsWith(UUID org, String name) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select agent_id from agents where org_id = :org and :name = any (tools) order by agent_id
                        """)
                .bind("org", org)
                .bind("name", name)
                .mapTo(String.class)
                .list());
    }

    List<SealedBearer> sealedBearers() {
        return jdbi.withHandle(h -> h.createQuery(
                        "select org_id, server_id, sealed_bearer from mcp_servers where sealed_bearer is not null")
                .map((r, c) -> new SealedBearer(
                        new Place(r.getObject("org_id", UUID.class), r.getObject("server_id", UUID.class)),
                        r.getBytes("sealed_bearer")))
                .list());
    }

    int reseal(SealedBearer before, byte[] after) {
        return jdbi.withHandle(h -> h.createUpdate(
                        "update mcp_servers set sealed_bearer = :after where server_id = :id and sealed_bearer = :before")
                .bind("id", before.place().id())
                .bind("before", before.sealed())
                .bind("after", after)
                .execute());
    }

    private static <S extends SqlStatement<S>> S bound(S statement, McpServer server) {
        var statementOfServer = statement
                .bind("org", server.org())
                .bind("id", server.id())
                .bind("name", server.name())
                .bind("url", url(server.transport()))
                .bind("sealed", sealed(server.transport()))
                .bind("seconds", server.timeout().toSeconds())
                .bind("allowed", server.allowed().map(SqlArray::texts).orElse(NO_ARRAY))
                .bind(
                        "output",
                        server.outputBytes().isPresent() ? server.outputBytes().getAsInt() : null);
        return switch (server.transport()) {
            case Transport.Http http ->
                statementOfServer
                        .bind("transport", "http")
                        .bind("auth", http.auth() == Auth.BEARER ? "bearer" : "none")
                        .bind("command", (String) null)
                        .bind("args", SqlArray.texts(List.of()));
            case Transport.Stdio(var command, var args) ->
                statementOfServer
                        .bind("transport", "stdio")
                        .bind("auth", "none")
                        .bind("command", command)
                        .bind("args", SqlArray.texts(args));
        };
    }

    private static String url(Transport transport) {
        return transport instanceof Transport.Http http ? http.url() : null;
    }

    private static byte[] sealed(Transport transport) {
        return transport instanceof Transport.Http http ? http.sealedBearer().orElse(null) : null;
    }

    private static McpServer server(ResultSet r) throws SQLException {
        var transport = r.getString("transport").equals("http")
                ? new Transport.Http(
                        r.getString("url"),
                        r.getString("auth").equals("bearer") ? Auth.BEARER : Auth.NONE,
                        Optional.ofNullable(r.getBytes("sealed_bearer")))
                : new Transport.Stdio(
                        r.getString("command"), texts(r.getArray("args")).orElse(List.of()));
        int output = r.getInt("output_bytes");
        return new McpServer(
                r.getObject("org_id", UUID.class),
                r.getObject("server_id", UUID.class),
                r.getString("name"),
                transport,
                Duration.ofSeconds(r.getInt("seconds")),
                texts(r.getArray("allowed")),
                output == 0 ? OptionalInt.empty() : OptionalInt.of(output));
    }

    private static Optional<List<String>> texts(Array array) throws SQLException {
        return array == null ? Optional.empty() : Optional.of(List.of((String[]) array.getArray()));
    }
}
