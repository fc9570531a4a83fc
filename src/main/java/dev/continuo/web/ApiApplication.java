package dev.continuo.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeIn;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** Everything below {@code /api}; resources and providers are found by their annotations. */
@ApplicationPath("/api")
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Continuo",
                        version = "1",
                        description =
                                "AI chat turns that survive anything: a message is accepted once, some node runs it, "
                                        + "and every watcher sees one unbroken answer. Errors are "
                                        + "application/problem+json with a stable `code` and a sentence that says "
                                        + "what to do.",
                        license = @License(name = "Apache-2.0")),
        security = {@SecurityRequirement(name = "key"), @SecurityRequirement(name = "ticket")})
@SecurityScheme(
        securitySchemeName = "key",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        bearerFormat = "ck_…",
        description = "An API key, as POST /api/keys shows it once, or a token of the issuer that is configured.")
@SecurityScheme(
        securitySchemeName = "ticket",
        type = SecuritySchemeType.APIKEY,
        in = SecuritySchemeIn.QUERY,
        apiKeyName = "ticket",
        description = "For EventSource only: what POST /api/tickets answered for exactly this stream.")
public class ApiApplication extends Application {}
