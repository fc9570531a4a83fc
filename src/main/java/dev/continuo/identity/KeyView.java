package dev.continuo.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A key as lists show it: everything but the key. */
@Schema(name = "Key")
public record KeyView(
        UUID id,
        String name,
        String subject,
        String role,
        List<String> scopes,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {}
