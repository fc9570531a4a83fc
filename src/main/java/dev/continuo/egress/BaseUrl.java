package dev.continuo.egress;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A base URL in its one spelling. Whatever two parsers could read in two ways is refused: users, queries, fragments,
 * escapes, backslashes, numbers that are addresses in disguise.
 */
public record BaseUrl(String scheme, String host, int port, String path) {
    private static final int LONGEST = 512;
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~:-]+)*/?");
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER_AT_THE_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");
    private static final Pattern STRICT_QUAD = Pattern.compile(
            "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");
    private static final Pattern V6 = Pattern.compile("\\[[0-9a-f:.]+]");

    public static BaseUrl parse(String text) {
        if (text.length() > LONGEST || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\')) {
            throw bad("A base URL has up to 512 visible ASCII characters.");
        }
        URI uri;
        try {
            uri = new URI(text).parseServerAuthority();
        } catch (URISyntaxException e) {
            throw bad("This is no URL. Write it like https://api.openai.com/v1.");
        }
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw bad("A base URL begins with https://.");
        }
        if (uri.getRawUserInfo() != null) {
            throw bad("A base URL holds no user. Send the key as 'key'.");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw bad("A base URL has neither '?' nor '#'. Send what is before it.");
        }
        var host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        checkHost(host);
        var path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (!PATH.matcher(path).matches() || ("/" + path + "/").contains("/../") || path.contains("/./")) {
            throw bad("The path of a base URL holds letters, digits and . _ ~ : - between single slashes.");
        }
        int port = uri.getPort() == -1 ? (scheme.equals("https") ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw bad("A port is a number from 1 to 65535.");
        }
        return new BaseUrl(scheme, host, port, path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    private static void checkHost(String host) {
        boolean plain = V6.matcher(host).matches()
                || (NUMBER_AT_THE_END.matcher(host).matches()
                        ? STRICT_QUAD.matcher(host).matches()
                        : NAME.matcher(host).matches());
        if (!plain || host.length() > 253) {
            throw bad("A host is a name such as api.openai.com, or an address in its usual spelling.");
        }
    }

    /** Whether a key given for the one may be sent to the other. */
    public boolean sameOrigin(BaseUrl other) {
        return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
    }

    public boolean encrypted() {
        return scheme.equals("https");
    }

    /** Whether the host is an address and not a name. */
    boolean isLiteral() {
        return host.startsWith("[") || STRICT_QUAD.matcher(host).matches();
    }

    /** Host and port as the Host header has them. */
    public String authority() {
        return port == (encrypted() ? 443 : 80) ? host : host + ":" + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + authority() + path;
    }

    private static Refused bad(String sentence) {
        return new Refused("bad_base_url", sentence);
    }
}
