package dev.continuo.catalog;

import dev.continuo.secrets.Credential;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code PATCH /api/providers/{p}}; what is left out stays. */
@Schema(name = "ProviderChange")
public record ProviderChange(
        String name,

        @Schema(description = "Another scheme, host or port clears the key")
        String baseUrl,

        @Schema(enumeration = {"key", "none"}) String auth,

        @Schema(implementation = String.class, writeOnly = true)
        Credential key,

        List<String> models) {}
