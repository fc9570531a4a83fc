package dev.continuo.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds {@code tool:NAME JSON}; the JSON may be missing and is then an empty object. */
final class ToolCalls {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ToolCalls() {}

    static List<Script.ToolCall> in(String hints, Pattern pattern) {
        var calls = new ArrayList<Script.ToolCall>();
        Matcher found = pattern.matcher(hints);
        while (found.find()) {
            calls.add(new Script.ToolCall(found.group(1), arguments(hints.substring(found.end()))));
        }
        return List.copyOf(calls);
    }

    private static String arguments(String rest) {
        if (!rest.startsWith("{")) {
            return "{}";
        }
        try (var parser = JSON.createParser(rest)) {
            JsonNode arguments = JSON.readTree(parser);
            return arguments.toString();
        } catch (IOException e) {
            return rest.strip();
        }
    }
}
