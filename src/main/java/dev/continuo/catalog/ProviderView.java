package dev.continuo.catalog;

import dev.continuo.catalog.Provider.Auth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A provider as it is shown: everything but its key. */
@Schema(name = "Provider")
public record ProviderView(
        String id,
        String name,
        String kind,
        Optional<String> baseUrl,
        Optional<String> host,

        @Schema(enumeration = {"key", "none"}) String auth,

        @Schema(enumeration = {"set", "missing", "none"}) String key,

        List<String> models,

        @Schema(
                description =
                        "ok, key_required, key_refused, refused, unreachable or unreadable; `configured` is not asked")
        String probe,

        Optional<Instant> probedAt) {

    static ProviderView of(Provider p) {
        return new ProviderView(
                p.id().toString(),
                p.name(),
                p.kind().apiName(),
                Optional.of(p.baseUrl()),
                Optional.empty(),
                p.auth() == Auth.NONE ? "none" : "key",
                p.auth() == Auth.NONE ? "none" : p.lacksKey() ? "missing" : "set",
                p.models(),
                p.probe(),
                Optional.of(p.probedAt()));
    }

    /** That of the configuration, whose key and path are the operator's. */
    static ProviderView configured(Catalog catalog) {
        return new ProviderView(
                Catalog.DEFAULT,
                Catalog.DEFAULT,
                Kind.OPENAI.apiName(),
                Optional.empty(),
                Optional.of(catalog.configuredHost()),
                "key",
                "set",
                List.of(catalog.configuredModel()),
                "configured",
                Optional.empty());
    }
}
