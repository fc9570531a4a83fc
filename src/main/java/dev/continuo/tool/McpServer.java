package dev.continuo.tool;

import dev.continuo.secrets.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A server of an organisation that has tools, its bearer still sealed.
 *
 * @param timeout of one call
 * @param allowed the tools that are offered, by the server's own names; all where empty
 * @param outputBytes of one result; the configuration's where empty
 */
record McpServer(
        UUID org,
        UUID id,
        String name,
        Transport transport,
        Duration timeout,
        Optional<List<String>> allowed,
        OptionalInt outputBytes) {
    McpServer {
        allowed = allowed.map(List::copyOf);
    }

    /** How it is spoken to. */
    sealed interface Transport {
        /** Streamable HTTP. */
        record Http(String url, Auth auth, Optional<byte[]> sealedBearer) implements Transport {
            boolean lacksBearer() {
                return auth == Auth.BEARER && sealedBearer.isEmpty();
            }

            @Override
            public String toString() {
                return "Http[" + url + "]";
            }
        }

        /**
         * A process of each execution's own.
         *
         * @param command a name from the configuration, never a path
         * @param args what follows the words of the configuration
         */
        record Stdio(String command, List<String> args) implements Transport {
            public Stdio {
                args = List.copyOf(args);
            }
        }
    }

    enum Auth {
        BEARER,
        NONE
    }

    Place place() {
        return new Place(org, id);
    }

    boolean offers(String tool) {
        return allowed.map(names -> names.contains(tool)).orElse(true);
    }
}
