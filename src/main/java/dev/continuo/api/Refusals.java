package dev.continuo.api;

import dev.continuo.web.Problem;

/** The refusals that several resources share. Whether something is unknown, or somebody else's, is nobody's business. */
final class Refusals {
    private Refusals() {}

    static Problem unknownThread() {
        return Problem.of(404, "unknown_thread", "You have no such thread. GET /api/threads lists yours.");
    }

    static Problem unknownRun() {
        return Problem.of(
                404, "unknown_run", "You have no such run. GET /api/threads/{id}/runs lists a thread's runs.");
    }

    static Problem unknownMessage() {
        return Problem.of(
                404,
                "unknown_message",
                "You sent no such message here. GET /api/threads/{id}/messages lists a thread's messages.");
    }

    static Problem missing(String field) {
        return Problem.of(400, "missing_field", "The field '" + field + "' is missing. Send it.")
                .at(field);
    }

    static Problem badValue(String field, String detail) {
        return Problem.of(400, "bad_value", detail).at(field);
    }

    static Problem badCursor() {
        return Problem.of(400, "bad_cursor", "Send the 'next' of the page before, or leave the cursor out.");
    }

    /** A name that is stored and shown, never longer than it needs to be. */
    static String text(String field, String value, int max) {
        if (value.isBlank() || value.codePointCount(0, value.length()) > max) {
            throw badValue(field, "The field '" + field + "' needs 1 to " + max + " characters.");
        }
        return value.strip();
    }

    static int limit(String asked, int normal, int most) {
        if (asked == null) {
            return normal;
        }
        int limit = asked.matches("[0-9]{1,6}") ? Integer.parseInt(asked) : 0;
        if (limit < 1 || limit > most) {
            throw badValue("limit", "The limit is a number from 1 to " + most + ". Send such a one, or leave it out.");
        }
        return limit;
    }
}
