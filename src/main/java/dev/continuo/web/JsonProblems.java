package dev.continuo.web;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.util.stream.Collectors;

/** What the parser disliked, in our words: its own name our classes. */
final class JsonProblems {
    private JsonProblems() {}

    static Problem of(IOException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                Problem.of(
                                400,
                                "unknown_field",
                                "The field '" + path(unknown)
                                        + "' is unknown here. Leave it out, or look up its name in /openapi/ui.")
                        .at(path(unknown));
            case StreamConstraintsException _ ->
                Problem.of(
                        400,
                        "json_too_deep",
                        "The JSON is nested too deeply, or has a name or a number that is too long. Flatten it.");
            case MismatchedInputException nothing
            when nothing.getMessage().startsWith("No content") -> malformed(nothing);
            case MismatchedInputException wrong
            when wrong.getPath().isEmpty() ->
                Problem.of(400, "wrong_type", "The body must be one JSON object, and nothing after it.");
            case MismatchedInputException wrong -> wrongType(wrong);
            case JsonMappingException m when m.getCause() instanceof Problem own -> own;
            case JsonMappingException m
            when m.getCause() instanceof IllegalArgumentException own
                    && !m.getPath().isEmpty() ->
                Problem.of(400, "bad_value", own.getMessage()).at(path(m));
            case JsonMappingException m
            when !(m.getCause() instanceof JsonParseException) && !m.getPath().isEmpty() -> wrongType(m);
            default -> malformed(e);
        };
    }

    private static Problem wrongType(JsonMappingException wrong) {
        return Problem.of(
                        400,
                        "wrong_type",
                        "The field '" + path(wrong)
                                + "' has a value of the wrong type. Look up its type in /openapi/ui.")
                .at(path(wrong));
    }

    private static Problem malformed(IOException e) {
        var where = e instanceof com.fasterxml.jackson.core.JacksonException j && j.getLocation() != null
                ? " at line " + j.getLocation().getLineNr() + ", column "
                        + j.getLocation().getColumnNr()
                : "";
        return Problem.of(
                400,
                "malformed_json",
                "The body is not valid JSON in UTF-8" + where + ". Send one JSON object, each key once.");
    }

    private static String path(JsonMappingException e) {
        var path = e.getPath().stream()
                .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : "." + printable(r.getFieldName()))
                .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private static String printable(String name) {
        var shown = name.replaceAll("[^\\x20-\\x7e]", "?");
        return shown.length() <= 64 ? shown : shown.substring(0, 64) + "…";
    }
}
