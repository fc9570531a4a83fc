package dev.continuo.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.egress.Egress;
import dev.continuo.egress.Refused;
import dev.continuo.json.Mappers;
import dev.continuo.secrets.Credential;
import dev.continuo.web.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Asks a provider for its models, which costs nothing and shows whether address and key are good. */
@Singleton
class Probe {
    static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/@+-]{1,128}");
    static final int MOST_MODELS = 500;

    private static final System.Logger LOG = System.getLogger(Probe.class.getName());
    private static final ObjectMapper JSON = Mappers.plain();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST = 4 * 1024 * 1024;

    private final Egress egress;

    /** @param outcome {@code ok}, {@code key_refused}, {@code refused}, {@code unreachable} or {@code unreadable} */
    record Found(String outcome, List<String> models) {
        private static Found nothing(String outcome) {
            return new Found(outcome, List.of());
        }
    }

    @Inject
    Probe(Egress egress) {
        this.egress = egress;
    }

    /** An address that may not be called is a problem of the request; everything else is an outcome. */
    Found ask(Kind kind, String baseUrl, Optional<Credential> key) {
        try {
            var way = egress.to(URI.create(baseUrl + path(kind)));
            var request = way.request().timeout(PATIENCE).GET();
            key.ifPresent(k -> {
                switch (kind) {
                    case OPENAI, MISTRAL -> request.header("Authorization", "Bearer " + k.reveal());
                    case ANTHROPIC -> request.header("x-api-key", k.reveal());
                    case GEMINI -> request.header("x-goog-api-key", k.reveal());
                }
            });
            if (kind == Kind.ANTHROPIC) {
                request.header("anthropic-version", "2023-06-01");
            }
            var sent = way.client().sendAsync(request.build(), BodyHandlers.ofInputStream());
            try {
                var response = sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                try (InputStream body = response.body()) {
                    closeInTime(body);
                    return found(kind, response.statusCode(), body);
                }
            } finally {
                sent.cancel(true);
            }
        } catch (Refused e) {
            throw Problem.of(400, e.code(), e.getMessage()).at("baseUrl");
        } catch (IOException | ExecutionException | TimeoutException e) {
            return Found.nothing("unreachable");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Found.nothing("unreachable");
        }
    }

    /** A body that comes drop by drop holds nobody for longer than the head may. */
    private static void closeInTime(InputStream body) {
        CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    try {
                        body.close();
                    } catch (IOException e) {
                        LOG.log(Level.DEBUG, "a probe's connection failed before it was dropped", e);
                    }
                });
    }

    private static String path(Kind kind) {
        return switch (kind) {
            case OPENAI, MISTRAL -> "/models";
            case ANTHROPIC -> "/models?limit=" + MOST_MODELS;
            case GEMINI -> "/models?pageSize=" + MOST_MODELS;
        };
    }

    private static Found found(Kind kind, int status, InputStream body) throws IOException {
        var bytes = body.readNBytes(LONGEST);
        return switch (status) {
            case 200 -> models(kind, bytes);
            case 401, 403 -> Found.nothing("key_refused");
            case 400 -> Found.nothing(new String(bytes).contains("API_KEY_INVALID") ? "key_refused" : "refused");
            default -> Found.nothing("refused");
        };
    }

    private static Found models(Kind kind, byte[] body) {
        JsonNode list;
        try {
            list = kind == Kind.GEMINI
                    ? JSON.readTree(body).path("models")
                    : JSON.readTree(body).path("data");
        } catch (IOException e) {
            return Found.nothing("unreadable");
        }
        if (!list.isArray()) {
            return Found.nothing("unreadable");
        }
        var models = new ArrayList<String>();
        for (var model : list) {
            var name = kind == Kind.GEMINI
                    ? model.path("name").asText().replaceFirst("^models/", "")
                    : model.path("id").asText();
            if (MODEL.matcher(name).matches() && models.size() < MOST_MODELS && !models.contains(name)) {
                models.add(name);
            }
        }
        return new Found("ok", models);
    }
}
