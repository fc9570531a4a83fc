package dev.continuo.web;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which names this server answers to, and from which pages a browser may call it. Both against requests that a foreign
 * page makes with somebody's browser. */
@Singleton
final class HostRules {
    private final Set<String> hosts;
    private final Set<String> origins;

    @Inject
    HostRules(
            @ConfigProperty(name = "continuo.allowed-hosts") List<String> hosts,
            @ConfigProperty(name = "continuo.allowed-origins") Optional<List<String>> origins) {
        this.hosts = lower(hosts);
        this.origins = lower(origins.orElse(List.of()));
    }

    boolean answersTo(String host) {
        return hosts.contains("*") || host != null && hosts.contains(withoutPort(host.toLowerCase(Locale.ROOT)));
    }

    /** No Origin, our own, or one that is allowed by name. */
    boolean mayCall(String origin, String host) {
        return origin == null
                || origins.contains(origin.toLowerCase(Locale.ROOT))
                || host != null && authority(origin).equalsIgnoreCase(authority("http://" + host))
                || host != null && authority(origin).equalsIgnoreCase(authority("https://" + host));
    }

    private static String authority(String origin) {
        var lower = origin.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https://")) {
            return withDefault(lower.substring(8), ":443");
        }
        return lower.startsWith("http://") ? withDefault(lower.substring(7), ":80") : "none";
    }

    private static String withDefault(String authority, String port) {
        return withoutPort(authority).equals(authority) ? authority + port : authority;
    }

    private static String withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    private static Set<String> lower(List<String> names) {
        return names.stream()
                .map(n -> n.strip().toLowerCase(Locale.ROOT))
                .filter(n -> !n.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
