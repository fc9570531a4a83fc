package dev.continuo.catalog;

import dev.continuo.identity.Caller;
import dev.continuo.identity.Role;
import dev.continuo.web.Problem;
import java.util.List;

/** The refusals that the catalogue's resources share. */
final class Refusals {
    private Refusals() {}

    /** The scope says what a key is for, the role what its holder is: changes need both. */
    static Caller admin(Caller caller) {
        if (caller.role() != Role.ADMIN) {
            throw Problem.of(403, "admin_only", "Only admins change what answers. Ask one, or use an admin's key.");
        }
        return caller;
    }

    static Problem bad(String field, String detail) {
        return Problem.of(400, "bad_value", detail).at(field);
    }

    static <T> T required(String field, T value) {
        if (value == null) {
            throw Problem.of(400, "missing_field", "The field '" + field + "' is missing. Send it.")
                    .at(field);
        }
        return value;
    }

    static String text(String field, String value, int max) {
        if (value.isBlank()
                || value.codePointCount(0, value.length()) > max
                || value.chars().anyMatch(Character::isISOControl)) {
            throw bad(
                    field, "The field '" + field + "' needs 1 to " + max + " printable characters. Send such a text.");
        }
        return value.strip();
    }

    static String model(String field, String value) {
        if (value == null || !Probe.MODEL.matcher(value).matches()) {
            throw bad(field, "A model's name has 1 to 128 characters without spaces. Use such a name.");
        }
        return value;
    }

    static List<String> models(List<String> models) {
        if (models.size() > Probe.MOST_MODELS) {
            throw bad("models", "A provider lists up to " + Probe.MOST_MODELS + " models.");
        }
        models.forEach(m -> model("models", m));
        return models.stream().distinct().toList();
    }

    static Problem unknownProvider() {
        return Problem.of(
                404, "unknown_provider", "Your organisation has no such provider. GET /api/providers lists them.");
    }

    static Problem nameTaken(String name) {
        return Problem.of(409, "name_taken", "There is a provider named '" + name + "'. Choose another name.")
                .at("name");
    }

    static double temperature(double value) {
        if (!(value >= 0 && value <= 2)) {
            throw bad("temperature", "The temperature is a number from 0 to 2. Use such a number.");
        }
        return value;
    }

    static int within(String field, int value, int most) {
        if (value < 1 || value > most) {
            throw bad(field, "The field '" + field + "' is a number from 1 to " + most + ". Use such a number.");
        }
        return value;
    }
}
