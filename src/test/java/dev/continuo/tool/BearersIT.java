package dev.continuo.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.catalog.SealKeeper.Resealed;
import dev.continuo.egress.Egress;
import dev.continuo.identity.Audit;
import dev.continuo.secrets.Credential;
import dev.continuo.secrets.MasterKeys;
import dev.continuo.secrets.Seal;
import dev.continuo.secrets.Unreadable;
import dev.continuo.testkit.Postgres;
import dev.continuo.tool.McpServer.Auth;
import dev.continuo.tool.McpServer.Transport;
import dev.continuo.web.Problem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BearersIT {
    private static final String OLD = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private static final String NEW = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    private static final String OTHER = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
    private static final Audit.By BY = new Audit.By(UUID.randomUUID(), "anna", "r");

    private final Jdbi jdbi = Jdbi.create(Postgres.shared().database().dataSource());
    private final McpServerRows rows = new McpServerRows(jdbi);

    @BeforeEach
    void an_organisation() {
        jdbi.useHandle(h -> h.execute("insert into organisations (org_id, name) values (?, 'o')", BY.org()));
    }

    private McpServers under(MasterKeys keys) {
        return new McpServers(
                rows,
                new McpServerSteps(rows, new Audit(jdbi)),
                Egress.allowing(),
                new Seal(keys),
                Commands.of(),
                McpSettings.defaults());
    }

    private static McpServerRequest at(String url, String bearer) {
        return new McpServerRequest(
                "http", url, null, bearer == null ? null : new Credential(bearer), null, null, null, null, null);
    }

    private Transport.Http stored(String name) {
        return (Transport.Http) rows.find(BY.org(), name).orElseThrow().transport();
    }

    private String opened(String name, String key) throws Unreadable {
        var server = rows.find(BY.org(), name).orElseThrow();
        return new Seal(MasterKeys.of(key))
                .open(stored(name).sealedBearer().orElseThrow(), server.place())
                .reveal();
    }

    @Test
    void a_bearer_is_sealed_at_its_row_and_stays_while_the_address_does() throws Exception {
        var servers = under(MasterKeys.of(OLD));
        servers.put("a", at("https://tools.example.com/mcp", "canary"), BY);
        servers.put("a", at("https://tools.example.com/v2", null), BY);
        assertThat(opened("a", OLD)).isEqualTo("canary");
        var dump = jdbi.withHandle(h -> h.createQuery("select m::text from mcp_servers m")
                .mapTo(String.class)
                .list());
        assertThat(dump).singleElement().asString().doesNotContain("canary");
        servers.put("a", at("https://tools.example.org/v2", null), BY);
        assertThat(stored("a"))
                .isEqualTo(new Transport.Http("https://tools.example.org/v2", Auth.BEARER, Optional.empty()));
    }

    @Test
    void two_who_change_one_at_the_same_time_do_not_mix_their_address_and_bearer() {
        var servers = under(MasterKeys.of(OLD));
        var first = servers.put("a", at("https://tools.example.com/mcp", "canary"), BY);
        servers.put("a", at("https://elsewhere.example.com/mcp", "another"), BY);
        assertThat(new McpServerSteps(rows, new Audit(jdbi)).change(first, first, "done", BY))
                .isFalse();
    }

    @Test
    void after_a_rotation_bearers_are_sealed_anew() throws Exception {
        under(MasterKeys.of(OLD)).put("a", at("https://tools.example.com/mcp", "canary"), BY);
        under(MasterKeys.of(OTHER)).put("b", at("https://tools.example.com/mcp", "lost"), BY);
        var rotated = under(MasterKeys.of(NEW, OLD));
        assertThat(rotated.reseal(BY)).isEqualTo(new Resealed(1, 1));
        assertThat(rotated.reseal(BY)).isEqualTo(new Resealed(0, 1));
        assertThat(opened("a", NEW)).isEqualTo("canary");
    }

    @Test
    void without_a_key_to_seal_with_none_is_stored() {
        assertThatThrownBy(() -> under(MasterKeys.none()).put("a", at("https://tools.example.com/mcp", "canary"), BY))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.code()).isEqualTo("no_master_key"));
        assertThat(rows.all(BY.org())).isEqualTo(List.of());
    }
}
