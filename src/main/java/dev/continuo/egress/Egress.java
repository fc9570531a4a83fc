package dev.continuo.egress;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Decides whether a URL may be called, and how. The name is resolved here, once; each address it has must be public, and
 * the connection goes to one of those by number, with the name in SNI, in the check of the certificate and in the Host
 * header. Hosts that the operator allows may be anywhere but at a metadata service, and may do without encryption.
 * Redirects are never followed.
 */
@Singleton
public final class Egress {
    private static final int CLIENTS = 64;

    /** Names to addresses; a seam, because DNS is somebody else's. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Set<String> allowed;
    private final Duration connect;
    private final Resolver resolver;
    private final Supplier<SSLContext> tls;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** One client for each name, because the name in SNI is a property of the client; the oldest unused one goes. */
    private final SequencedMap<String, Lines> lines = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    Egress(
            @ConfigProperty(name = "continuo.providers.allowed-hosts") Optional<List<String>> allowed,
            @ConfigProperty(name = "continuo.openai.connect-timeout") Duration connect) {
        this(allowed.orElse(List.of()), connect, InetAddress::getAllByName, Egress::freshTls);
    }

    Egress(List<String> allowed, Duration connect, Resolver resolver, Supplier<SSLContext> tls) {
        this.allowed = allowed.stream()
                .map(h -> h.strip().toLowerCase(Locale.ROOT))
                .filter(h -> !h.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        this.connect = connect;
        this.resolver = resolver;
        this.tls = tls;
    }

    /** Without a container: nothing but what is public, and these hosts. */
    public static Egress allowing(String... hosts) {
        return new Egress(List.of(hosts), Duration.ofSeconds(10), InetAddress::getAllByName, Egress::freshTls);
    }

    /** Whether this URL may be called at all, as far as that can be said without asking for its addresses. */
    public BaseUrl checked(String text) {
        var url = BaseUrl.parse(text);
        if (!url.encrypted() && !allows(url)) {
            throw new Refused(
                    "bad_base_url",
                    "Only hosts in continuo.providers.allowed-hosts are called without encryption. Use https://, or ask "
                            + "the operator of this server to allow '" + url.authority() + "'.");
        }
        return url;
    }

    /**
     * The way to {@code target}, whose host is that of {@code base}; blocks while the name is resolved.
     *
     * @throws UnknownHostException where the name has no address
     */
    public Way to(URI target) throws UnknownHostException {
        var path = target.getRawPath() == null ? "" : target.getRawPath();
        var query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        var base = checked(target.getScheme() + "://" + target.getRawAuthority());
        var address = address(base);
        var number = address instanceof Inet6Address
                ? "[" + address.getHostAddress().replaceFirst("%.*", "") + "]"
                : address.getHostAddress();
        var uri = URI.create(base.scheme() + "://" + number + ":" + base.port() + path + query);
        return new Way(lines(base), uri, base.authority());
    }

    private InetAddress address(BaseUrl url) throws UnknownHostException {
        var addresses = resolver.resolve(url.host());
        if (addresses.length == 0) {
            throw new UnknownHostException(url.host());
        }
        boolean trusted = allows(url);
        if (Stream.of(addresses)
                .anyMatch(a -> SpecialAddresses.isNever(a) || !trusted && !SpecialAddresses.isPublic(a))) {
            throw new Refused(
                    "address_refused",
                    "The host '" + url.host()
                            + "' is at an address that this server does not call. Use a public host, or "
                            + "ask the operator to put '" + url.authority()
                            + "' into continuo.providers.allowed-hosts.");
        }
        return addresses[0];
    }

    private boolean allows(BaseUrl url) {
        return allowed.contains(url.host()) || allowed.contains(url.host() + ":" + url.port());
    }

    private synchronized Lines lines(BaseUrl url) {
        var name = url.encrypted() && !url.isLiteral() ? url.host() : "";
        var found = lines.get(name);
        if (found == null) {
            found = new Lines(() -> build(name));
            lines.put(name, found);
            if (lines.size() > CLIENTS) {
                // whoever holds its client may still send; without a holder it ends by itself
                lines.pollFirstEntry();
            }
        }
        return found;
    }

    private HttpClient build(String name) {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connect)
                .sslContext(tls.get())
                .executor(threads);
        if (!name.isEmpty()) {
            var parameters = new SSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            client.sslParameters(parameters);
        }
        return client.build();
    }

    @PreDestroy
    synchronized void close() {
        lines.values().forEach(Lines::shutdownNow);
        lines.clear();
    }

    /**
     * A context for each name, because a context resumes sessions by address and port: a session with one name would be
     * resumed for another at the same address, without a look at its certificate.
     */
    private static SSLContext freshTls() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
