package dev.continuo.catalog;

import dev.continuo.catalog.CatalogRows.SealedKey;
import dev.continuo.identity.Audit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** A change of the catalogue and its audit row, together or not at all. */
@ApplicationScoped
public class CatalogSteps {
    private final CatalogRows rows;
    private final Audit audit;

    @Inject
    CatalogSteps(CatalogRows rows, Audit audit) {
        this.rows = rows;
        this.audit = audit;
    }

    protected CatalogSteps() {
        this(null, null);
    }

    /** False where the name is taken. */
    @Transactional
    public boolean create(Provider made, Audit.By by) {
        if (rows.insert(made) == 0) {
            return false;
        }
        audit.write(by, "provider.create", made.id().toString(), "done");
        return true;
    }

    /** False where somebody else was faster, or the name is taken. */
    @Transactional
    public boolean change(Provider changed, String result, Audit.By by) {
        if (rows.update(changed) == 0) {
            return false;
        }
        audit.write(by, "provider.change", changed.id().toString(), result);
        return true;
    }

    /** False where there is none, or a tier needs it. */
    @Transactional
    public boolean deleteProvider(UUID org, UUID id, Audit.By by) {
        if (rows.deleteProvider(org, id) == 0) {
            return false;
        }
        audit.write(by, "provider.delete", id.toString(), "done");
        return true;
    }

    @Transactional
    public void put(UUID org, Tier tier, Audit.By by) {
        rows.put(org, tier);
        audit.write(by, "tier.set", tier.name().apiName(), "done");
    }

    @Transactional
    public boolean delete(UUID org, Tier.Name tier, Audit.By by) {
        if (rows.deleteTier(org, tier) == 0) {
            return false;
        }
        audit.write(by, "tier.delete", tier.apiName(), "done");
        return true;
    }

    @Transactional
    public void put(UUID org, Agent agent, Audit.By by) {
        rows.put(org, agent);
        audit.write(by, "agent.set", agent.id(), "done");
    }

    @Transactional
    public boolean deleteAgent(UUID org, String id, Audit.By by) {
        if (rows.deleteAgent(org, id) == 0) {
            return false;
        }
        audit.write(by, "agent.delete", id, "done");
        return true;
    }

    /** False where it was changed meanwhile. */
    @Transactional
    public boolean reseal(SealedKey before, byte[] after, Audit.By by) {
        if (rows.reseal(before, after) == 0) {
            return false;
        }
        audit.write(by, "provider.reseal", before.id().toString(), "done");
        return true;
    }
}
