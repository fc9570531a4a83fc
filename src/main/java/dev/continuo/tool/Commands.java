package dev.continuo.tool;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What organisations may start on this machine: names, and the words that the operator wrote behind each. */
@Singleton
class Commands {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Map<String, List<String>> words = new LinkedHashMap<>();

    @Inject
    Commands(@ConfigProperty(name = "continuo.mcp.commands") Optional<List<String>> configured) {
        for (var entry : configured.orElse(List.of())) {
            if (entry.isBlank()) {
                continue;
            }
            int equals = entry.indexOf('=');
            var name = (equals < 0 ? entry : entry.substring(0, equals)).strip();
            var line = equals < 0 ? name : entry.substring(equals + 1).strip();
            if (!NAME.matcher(name).matches() || line.isEmpty()) {
                throw new IllegalArgumentException("continuo.mcp.commands holds entries like files=/usr/bin/mcp-files"
                        + " --root /srv, separated by commas; this is none: " + entry);
            }
            words.put(name, Arrays.asList(line.split("\\s+")));
        }
    }

    static Commands of(String... entries) {
        return new Commands(Optional.of(List.of(entries)));
    }

    boolean allows(String name) {
        return words.containsKey(name);
    }

    SortedSet<String> names() {
        return new TreeSet<>(words.keySet());
    }

    /** The operator's words, then the organisation's. */
    Optional<List<String>> line(String name, List<String> args) {
        return Optional.ofNullable(words.get(name)).map(first -> {
            var all = new ArrayList<>(first);
            all.addAll(args);
            return List.copyOf(all);
        });
    }
}
