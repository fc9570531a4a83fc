package dev.continuo.model;

import dev.continuo.model.OpenAiSettings.Patience;
import dev.continuo.model.PromptMessage.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One call of a provider that this process plays itself, when it starts. The first call of a JVM takes about a second
 * longer than the second one; without this a user would wait for it after each deploy.
 */
@Singleton
final class Rehearsal {
    private static final System.Logger LOG = System.getLogger(Rehearsal.class.getName());
    private static final byte[] SCRIPT = """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Connection: close\r
            \r
            data: {"id":"rehearsal","choices":[{"index":0,"delta":{"content":"ready"},"finish_reason":null}]}

            data: {"id":"rehearsal","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]

            """.getBytes(StandardCharsets.UTF_8);

    private final ProviderDoor door;
    private final Clock clock;

    @Inject
    Rehearsal(ProviderDoor door, Clock clock) {
        this.door = door;
        this.clock = clock;
    }

    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        // It loads hundreds of classes; see node.EarlyBeans for why not on a virtual thread.
        Thread.ofPlatform().name("rehearsal").daemon().start(this::play);
    }

    void play() {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().name("rehearsal-provider").start(() -> answer(server));
            call("http://127.0.0.1:" + server.getLocalPort());
        } catch (IOException | ModelException | RuntimeException e) {
            LOG.log(Level.INFO, "the rehearsal of a provider call failed; the first real one will be slower", e);
        }
    }

    /** What it cannot read or write shows as a failure of the call. */
    private static void answer(ServerSocket server) {
        try (var socket = server.accept()) {
            var request = new StringBuilder();
            var buffer = new byte[8192];
            while (!(request.indexOf("\r\n\r\n") > 0 && request.charAt(request.length() - 1) == '}')) {
                int n = socket.getInputStream().read(buffer);
                if (n < 0) {
                    return;
                }
                request.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
            }
            socket.getOutputStream().write(SCRIPT);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the rehearsal's provider fell silent", e);
        }
    }

    private void call(String url) throws ModelException {
        var settings = new OpenAiSettings(url, Optional.empty(), "rehearsal", Patience.USUAL, 1_000);
        var prompt = new Prompt(
                List.of(new PromptMessage(Role.USER, "ready?", false)), Optional.empty(), OptionalDouble.empty());
        new OpenAiModel(settings, Passage.trusted(door), clock).generate(prompt, _ -> {}, new ModelCall());
    }
}
