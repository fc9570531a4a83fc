package dev.continuo.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a caller is within an organisation: an admin reads everybody's threads, a viewer changes nothing. */
public enum Role {
    ADMIN,
    MEMBER,
    VIEWER;

    public String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> named(String name) {
        return Stream.of(values()).filter(r -> r.apiName().equals(name)).findFirst();
    }
}
