package dev.continuo.identity;

import dev.continuo.web.Problem;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code POST /api/keys}; whatever is left out is as small as can be: the caller's own subject, the role
 * member, the scope chat. */
@Schema(name = "NewKey")
public record KeyRequest(
        @Schema(required = true, description = "For people, 1 to 128 characters")
        String name,

        @Schema(description = "Whose threads it sees; the caller's own subject by default")
        String subject,

        @Schema(enumeration = {"admin", "member", "viewer"}) String role,
        @Schema(description = "chat, ops, keys, catalog") List<String> scopes,

        @Schema(description = "ISO-8601, in the future; none: never")
        String expiresAt,

        @Schema(description = "Another organisation's name, made if needed; for the key of the configuration only")
        String organisation) {

    ApiKeys.NewKey checked(Caller caller, InstantSource clock) {
        var wanted = new ApiKeys.NewKey(
                text("name", name, 128),
                subject == null ? caller.subject() : text("subject", subject, 128),
                role(caller),
                scopes(caller),
                expiry(clock.instant()));
        if (!wanted.subject().equals(caller.subject()) && caller.role() != Role.ADMIN) {
            throw beyond("Only an admin makes keys for other subjects. Leave the subject out.");
        }
        if (organisation != null && !caller.isConfigured()) {
            throw beyond("Only the key of the configuration makes keys for other organisations. Leave it out.");
        }
        if (organisation != null) {
            text("organisation", organisation, 128);
        }
        return wanted;
    }

    private Role role(Caller caller) {
        var named = role == null
                ? caller.role() == Role.VIEWER ? Role.VIEWER : Role.MEMBER
                : Role.named(role)
                        .orElseThrow(() -> bad("role", "The role is admin, member or viewer. Use one of them."));
        if (named.compareTo(caller.role()) < 0) {
            throw beyond("You are a " + caller.role().apiName() + " and cannot make a key that is more than that.");
        }
        return named;
    }

    private Set<Scope> scopes(Caller caller) {
        var named = EnumSet.noneOf(Scope.class);
        for (var scope : scopes == null ? List.of(Scope.CHAT.apiName()) : scopes) {
            named.add(Scope.named(scope == null ? "" : scope)
                    .orElseThrow(() -> bad("scopes", "The scopes are chat, ops, keys and catalog. Use some of them.")));
        }
        if (named.isEmpty()) {
            throw bad("scopes", "A key needs at least one scope out of chat, ops, keys and catalog.");
        }
        if (!caller.scopes().containsAll(named)) {
            throw beyond("Your own key lacks one of these scopes. Ask for fewer.");
        }
        return named;
    }

    private Optional<Instant> expiry(Instant now) {
        try {
            var expiry = Optional.ofNullable(expiresAt).map(Instant::parse);
            if (expiry.filter(at -> !at.isAfter(now)).isPresent()) {
                throw bad("expiresAt", "That time is over, so the key would open nothing. Choose one to come.");
            }
            return expiry;
        } catch (DateTimeParseException e) {
            throw bad("expiresAt", "Write the time as ISO-8601 in UTC, such as 2030-01-31T12:00:00Z.");
        }
    }

    private static String text(String field, String value, int max) {
        if (value == null
                || value.isBlank()
                || value.length() > max
                || value.codePoints().anyMatch(KeyRequest::isUnprintable)) {
            throw bad(
                    field, "The field '" + field + "' needs 1 to " + max + " printable characters. Send such a text.");
        }
        return value.strip();
    }

    /** A surrogate without its other half is no character. */
    private static boolean isUnprintable(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    }

    private static Problem bad(String field, String detail) {
        return Problem.of(400, "bad_value", detail).at(field);
    }

    private static Problem beyond(String detail) {
        return Problem.of(403, "beyond_own_rights", detail);
    }
}
