package dev.continuo.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** A key is made or revoked together with its audit row, or not at all. */
@ApplicationScoped
public class KeySteps {
    private final KeyStore keys;
    private final Organisations organisations;
    private final Audit audit;

    @Inject
    KeySteps(KeyStore keys, Organisations organisations, Audit audit) {
        this.keys = keys;
        this.organisations = organisations;
        this.audit = audit;
    }

    protected KeySteps() {
        this(null, null, null);
    }

    @Transactional
    public void create(String organisation, UUID key, byte[] hash, ApiKeys.NewKey made, Audit.By by) {
        var org = organisations.ensure(organisation);
        keys.insert(org, key, hash, made);
        audit.write(by, "key.create", key.toString(), "done");
    }

    @Transactional
    public void create(UUID org, UUID key, byte[] hash, ApiKeys.NewKey made, Audit.By by) {
        keys.insert(org, key, hash, made);
        audit.write(by, "key.create", key.toString(), "done");
    }

    /** False where the organisation has no such key; revoking twice is fine. */
    @Transactional
    public boolean revoke(UUID org, UUID key, Audit.By by) {
        int rows = keys.revoke(org, key);
        if (rows == 0 && !keys.exists(org, key)) {
            return false;
        }
        if (rows == 1) {
            audit.write(by, "key.revoke", key.toString(), "done");
        }
        return true;
    }
}
