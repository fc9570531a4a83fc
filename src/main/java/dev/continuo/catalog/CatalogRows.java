package dev.continuo.catalog;

import dev.continuo.catalog.Provider.Auth;
import dev.continuo.sql.SqlArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The tables of providers, tiers and agents. Every statement names the organisation. */
@Singleton
class CatalogRows {
    private static final String PROVIDER = "select org_id, provider_id, name, kind, base_url, auth, sealed_key, models,"
            + " probe, probed_at, version from providers";

    private final Jdbi jdbi;

    /** A sealed key at its place, for sealing anew. */
    record SealedKey(UUID org, UUID id, byte[] sealed) {}

    @Inject
    CatalogRows(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    Offer offer(UUID org) {
        return jdbi.withHandle(h -> new Offer(
                agents(h, org).stream().collect(Collectors.toMap(Agent::id, Function.identity())),
                tiers(h, org).stream().collect(Collectors.toMap(Tier::name, Function.identity())),
                providers(h, org).stream().collect(Collectors.toMap(Provider::id, Function.identity()))));
    }

    Optional<Provider> provider(UUID org, UUID id) {
        return jdbi.withHandle(h -> h.createQuery(PROVIDER + " where org_id = :org and provider_id = :id")
                .bind("org", org)
                .bind("id", id)
                .map((r, c) -> provider(r))
                .findOne());
    }

    /** @return 0 where the name is taken */
    int insert(Provider p) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        insert into providers (org_id, provider_id, name, kind, base_url, auth, sealed_key, models, probe)
                        values (:org, :id, :name, :kind, :url, :auth, :sealed, :models, :probe)
                        on conflict (org_id, name) do nothing
                        """)
                .bind("org", p.org())
                .bind("id", p.id())
                .bind("name", p.name())
                .bind("kind", p.kind().apiName())
                .bind("url", p.baseUrl())
                .bind("auth", apiName(p.auth()))
                .bind("sealed", p.sealedKey().orElse(null))
                .bind("models", SqlArray.texts(p.models()))
                .bind("probe", p.probe())
                .execute());
    }

    /** @return 0 where it was changed since its version was read, or its new name is taken */
    int update(Provider p) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        update providers p set name = :name, base_url = :url, auth = :auth, sealed_key = :sealed,
                          models = :models, probe = :probe, probed_at = clock_timestamp(), version = version + 1
                        where org_id = :org and provider_id = :id and version = :version
                          and not exists (select 1 from providers o
                            where o.org_id = p.org_id and o.name = :name and o.provider_id <> p.provider_id)
                        """)
                .bind("org", p.org())
                .bind("id", p.id())
                .bind("version", p.version())
                .bind("name", p.name())
                .bind("url", p.baseUrl())
                .bind("auth", apiName(p.auth()))
                .bind("sealed", p.sealedKey().orElse(null))
                .bind("models", SqlArray.texts(p.models()))
                .bind("probe", p.probe())
                .execute());
    }

    /** @return 0 where there is none, or a tier needs it */
    int deleteProvider(UUID org, UUID id) {
        return jdbi.withHandle(
                h -> h.createUpdate("""
                        delete from providers where org_id = :org and provider_id = :id
                          and not exists (select 1 from tiers
                            where org_id = :org and (provider_id = :id or fallback_provider_id = :id))
                        """).bind("org", org).bind("id", id).execute());
    }

    void put(UUID org, Tier t) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into tiers (org_id, tier, provider_id, model, fallback_provider_id, fallback_model, thinking)
                        values (:org, :tier, :provider, :model, cast(:fallback as uuid), :fallbackModel, :thinking)
                        on conflict (org_id, tier) do update set provider_id = excluded.provider_id,
                          model = excluded.model, fallback_provider_id = excluded.fallback_provider_id,
                          fallback_model = excluded.fallback_model, thinking = excluded.thinking
                        """)
                .bind("org", org)
                .bind("tier", t.name().apiName())
                .bind("provider", t.model().provider())
                .bind("model", t.model().name())
                .bind("fallback", t.fallback().map(Tier.Model::provider).orElse(null))
                .bind("fallbackModel", t.fallback().map(Tier.Model::name).orElse(null))
                .bind("thinking", t.thinking().apiName())
                .execute());
    }

    int deleteTier(UUID org, Tier.Name tier) {
        return jdbi.withHandle(h -> h.createUpdate("delete from tiers where org_id = :org and tier = :tier")
                .bind("org", org)
                .bind("tier", tier.apiName())
                .execute());
    }

    void put(UUID org, Agent a) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into agents (org_id, agent_id, instructions, tier, temperature, history, step_limit, approval, tools)
                        values (:org, :id, :instructions, :tier, :temperature, cast(:history as int), :steps, :approval, :tools)
                        on conflict (org_id, agent_id) do update set instructions = excluded.instructions,
                          tier = excluded.tier, temperature = excluded.temperature, history = excluded.history,
                          step_limit = excluded.step_limit, approval = excluded.approval, tools = excluded.tools
                        """)
                .bind("org", org)
                .bind("id", a.id())
                .bind("instructions", a.instructions())
                .bind("tier", a.tier().orElse(null))
                .bind(
                        "temperature",
                        a.temperature().isPresent() ? a.temperature().getAsDouble() : null)
                .bind("history", a.history().isPresent() ? a.history().getAsInt() : null)
                .bind("steps", a.tools().stepLimit())
                .bind("approval", a.tools().approval().apiName())
                .bind("tools", SqlArray.texts(a.tools().tools()))
                .execute());
    }

    int deleteAgent(UUID org, String id) {
        return jdbi.withHandle(h -> h.createUpdate("delete from agents where org_id = :org and agent_id = :id")
                .bind("org", org)
                .bind("id", id)
                .execute());
    }

    List<SealedKey> sealedKeys() {
        return jdbi.withHandle(
                h -> h.createQuery("select org_id, provider_id, sealed_key from providers where sealed_key is not null")
                        .map((r, c) -> new SealedKey(
                                r.getObject("org_id", UUID.class),
                                r.getObject("provider_id", UUID.class),
                                r.getBytes("sealed_key")))
                        .list());
    }

    /** @return 0 where it was changed meanwhile, and so sealed under the newest key anyway */
    int reseal(SealedKey before, byte[] after) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        update providers set sealed_key = :after, version = version + 1
                        where provider_id = :id and sealed_key = :before
                        """)
                .bind("id", before.id())
                .bind("before", before.sealed())
                .bind("after", after)
                .execute());
    }

    private static List<Provider> providers(Handle h, UUID org) {
        return h.createQuery(PROVIDER + " where org_id = :org")
                .bind("org", org)
                .map((r, c) -> provider(r))
                .list();
    }

    private static List<Tier> tiers(Handle h, UUID org) {
        return h.createQuery("""
                        select tier, provider_id, model, fallback_provider_id, fallback_model, thinking from tiers
                        where org_id = :org
                        """)
                .bind("org", org)
                .map((r, c) -> new Tier(
                        Tier.Name.named(r.getString("tier")).orElseThrow(),
                        new Tier.Model(r.getObject("provider_id", UUID.class), r.getString("model")),
                        Optional.ofNullable(r.getObject("fallback_provider_id", UUID.class))
                                .map(id -> new Tier.Model(id, text(r, "fallback_model"))),
                        Thinking.named(r.getString("thinking")).orElseThrow()))
                .list();
    }

    private static List<Agent> agents(Handle h, UUID org) {
        return h.createQuery("select * from agents where org_id = :org")
                .bind("org", org)
                .map((r, c) -> new Agent(
                        r.getString("agent_id"),
                        r.getString("instructions"),
                        Optional.ofNullable(r.getString("tier")),
                        r.getObject("temperature") == null
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(r.getDouble("temperature")),
                        r.getObject("history") == null ? OptionalInt.empty() : OptionalInt.of(r.getInt("history")),
                        new AgentTools(
                                r.getInt("step_limit"),
                                AgentTools.Approval.named(r.getString("approval"))
                                        .orElseThrow(),
                                List.of((String[]) r.getArray("tools").getArray()))))
                .list();
    }

    private static Provider provider(ResultSet r) throws SQLException {
        return new Provider(
                r.getObject("org_id", UUID.class),
                r.getObject("provider_id", UUID.class),
                r.getString("name"),
                Kind.named(r.getString("kind")).orElseThrow(),
                r.getString("base_url"),
                r.getString("auth").equals("none") ? Auth.NONE : Auth.KEY,
                Optional.ofNullable(r.getBytes("sealed_key")),
                List.of((String[]) r.getArray("models").getArray()),
                r.getString("probe"),
                r.getObject("probed_at", OffsetDateTime.class).toInstant(),
                r.getInt("version"));
    }

    private static String text(ResultSet r, String column) {
        try {
            return r.getString(column);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String apiName(Auth auth) {
        return auth == Auth.NONE ? "none" : "key";
    }
}
