package dev.continuo.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a key is good for: conversations, the operation of the cluster, other keys, or what
 * answers. */
public enum Scope {
    CHAT,
    OPS,
    KEYS,
    CATALOG;

    public String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Scope> named(String name) {
        return Stream.of(values()).filter(s -> s.apiName().equals(name)).findFirst();
    }

    /** As one text for {@code string_to_array}. */
    static String list(Set<Scope> scopes) {
        return scopes.stream().map(Scope::apiName).sorted().collect(Collectors.joining(","));
    }
}
