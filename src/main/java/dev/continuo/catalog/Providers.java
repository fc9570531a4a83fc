package dev.continuo.catalog;

import dev.continuo.catalog.Provider.Auth;
import dev.continuo.egress.BaseUrl;
import dev.continuo.egress.Egress;
import dev.continuo.egress.Refused;
import dev.continuo.identity.Audit;
import dev.continuo.secrets.Credential;
import dev.continuo.secrets.Place;
import dev.continuo.secrets.Seal;
import dev.continuo.secrets.Unreadable;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes and changes providers. The key is sealed before it is stored, probed at the address it is stored with, and goes
 * when that address becomes another.
 */
@Singleton
class Providers implements SealKeeper {
    private final CatalogRows rows;
    private final CatalogSteps steps;
    private final Catalog catalog;
    private final Probe probe;
    private final Egress egress;
    private final Seal seal;
    private final Clock clock;

    @Inject
    Providers(
            CatalogRows rows, CatalogSteps steps, Catalog catalog, Probe probe, Egress egress, Seal seal, Clock clock) {
        this.rows = rows;
        this.steps = steps;
        this.catalog = catalog;
        this.probe = probe;
        this.egress = egress;
        this.seal = seal;
        this.clock = clock;
    }

    Provider find(UUID org, UUID id) {
        return rows.provider(org, id).orElseThrow(Refusals::unknownProvider);
    }

    Provider create(NewProvider body, Audit.By by) {
        var name = body.checkedName();
        var kind = body.checkedKind();
        var auth = NewProvider.auth(body.auth(), Auth.KEY);
        NewProvider.check(body.key(), auth);
        var url = url(body.baseUrl() == null ? kind.home() : body.baseUrl()).toString();
        var models = Optional.ofNullable(body.models()).map(Refusals::models);
        var key = Optional.ofNullable(body.key());
        var id = UUID.randomUUID();
        var sealed = key.map(k -> SealKeeper.seal(seal, k, new Place(by.org(), id)));
        var found = probe(kind, url, auth, key);
        var made = new Provider(
                by.org(),
                id,
                name,
                kind,
                url,
                auth,
                sealed,
                models.orElse(found.models()),
                found.outcome(),
                clock.instant(),
                1);
        if (!steps.create(made, by)) {
            throw Refusals.nameTaken(name);
        }
        catalog.forget(by.org());
        return find(by.org(), id);
    }

    Provider change(UUID id, ProviderChange body, Audit.By by) {
        var old = find(by.org(), id);
        var name = body.name() == null ? old.name() : Refusals.text("name", body.name(), 80);
        var auth = NewProvider.auth(body.auth(), old.auth());
        NewProvider.check(body.key(), auth);
        var url = body.baseUrl() == null ? BaseUrl.parse(old.baseUrl()) : url(body.baseUrl());
        boolean moved = !url.sameOrigin(BaseUrl.parse(old.baseUrl()));
        var kept = moved || auth == Auth.NONE ? Optional.<byte[]>empty() : old.sealedKey();
        var given = Optional.ofNullable(body.key());
        var sealed = given.map(k -> SealKeeper.seal(seal, k, old.place())).or(() -> kept);
        var key = given.or(() -> kept.flatMap(k -> opened(k, old.place())));
        var models = Optional.ofNullable(body.models()).map(Refusals::models);
        var found = probe(old.kind(), url.toString(), auth, key);
        var changed = new Provider(
                by.org(),
                id,
                name,
                old.kind(),
                url.toString(),
                auth,
                sealed,
                models.orElse(found.models().isEmpty() ? old.models() : found.models()),
                found.outcome(),
                clock.instant(),
                old.version());
        boolean cleared = old.sealedKey().isPresent() && sealed.isEmpty();
        if (!steps.change(changed, cleared ? "done, key cleared" : given.isPresent() ? "done, key set" : "done", by)) {
            throw nameIsTaken(by.org(), id, name) ? Refusals.nameTaken(name) : changedMeanwhile();
        }
        catalog.forget(by.org());
        return find(by.org(), id);
    }

    void delete(UUID id, Audit.By by) {
        if (!steps.deleteProvider(by.org(), id, by)) {
            find(by.org(), id);
            throw Problem.of(
                    409,
                    "provider_in_use",
                    "A tier uses this provider. Point the tier elsewhere first: PUT /api/tiers/{tier}.");
        }
        catalog.forget(by.org());
    }

    @Override
    public Resealed reseal(Audit.By by) {
        int done = 0;
        int unreadable = 0;
        for (var row : rows.sealedKeys()) {
            if (seal.isCurrent(row.sealed())) {
                continue;
            }
            var place = new Place(row.org(), row.id());
            var open = opened(row.sealed(), place);
            if (open.isEmpty()) {
                unreadable++;
            } else if (steps.reseal(row, SealKeeper.seal(seal, open.get(), place), by)) {
                done++;
                catalog.forget(row.org());
            }
        }
        return new Resealed(done, unreadable);
    }

    private Probe.Found probe(Kind kind, String url, Auth auth, Optional<Credential> key) {
        return auth == Auth.KEY && key.isEmpty()
                ? new Probe.Found("key_required", List.of())
                : probe.ask(kind, url, key);
    }

    private BaseUrl url(String text) {
        try {
            return egress.checked(text);
        } catch (Refused e) {
            throw Problem.of(400, e.code(), e.getMessage()).at("baseUrl");
        }
    }

    private Optional<Credential> opened(byte[] sealed, Place place) {
        try {
            return Optional.of(seal.open(sealed, place));
        } catch (Unreadable e) {
            return Optional.empty();
        }
    }

    private boolean nameIsTaken(UUID org, UUID id, String name) {
        return rows.offer(org).inOrder().stream().anyMatch(p -> p.name().equals(name) && !p.id().equals(id));
    }

    private static Problem changedMeanwhile() {
        return Problem.of(
                409, "changed_meanwhile", "Somebody changed this provider at the same time. Read it, then try again.");
    }
}
