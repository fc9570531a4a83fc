package dev.continuo.catalog;

import dev.continuo.catalog.Provider.Auth;
import dev.continuo.secrets.Credential;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code POST /api/providers}. */
@Schema(name = "NewProvider")
public record NewProvider(
        @Schema(required = true) String name,

        @Schema(
                required = true,
                enumeration = {"openai", "anthropic", "gemini", "mistral"})
        String kind,

        @Schema(description = "https://…; the provider's usual address where it is left out")
        String baseUrl,

        @Schema(
                enumeration = {"key", "none"},
                defaultValue = "key")
        String auth,

        @Schema(implementation = String.class, writeOnly = true)
        Credential key,

        @Schema(description = "What it lists itself, where this is left out")
        List<String> models) {

    Kind checkedKind() {
        return Kind.named(Refusals.required("kind", kind))
                .orElseThrow(() -> Refusals.bad("kind", "The kind is one of " + Kind.names() + "."));
    }

    String checkedName() {
        return Refusals.text("name", Refusals.required("name", name), 80);
    }

    static Auth auth(String auth, Auth otherwise) {
        return switch (auth) {
            case null -> otherwise;
            case "key" -> Auth.KEY;
            case "none" -> Auth.NONE;
            default -> throw Refusals.bad("auth", "auth is key or none.");
        };
    }

    /** It goes into a header as it is. */
    static void check(Credential key, Auth auth) {
        if (key == null) {
            return;
        }
        if (auth == Auth.NONE) {
            throw Refusals.bad("key", "A provider with auth none takes no key. Leave it out, or set auth to key.");
        }
        if (!key.reveal().matches("[!-~]{1,1024}")) {
            throw Refusals.bad("key", "A key has 1 to 1024 visible ASCII characters.");
        }
    }
}
