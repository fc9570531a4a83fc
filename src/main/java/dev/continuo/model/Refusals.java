package dev.continuo.model;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.continuo.json.Mappers;
import dev.continuo.model.ModelException.Kind;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a provider's refusal means. Of its own words only a short code goes on, and only into the log: they may quote the
 * prompt or the key.
 */
record Refusals(Clock clock, Optional<Effort> askedToThink) {
    private static final ObjectMapper JSON = Mappers.plain();
    /** Anthropic, Gemini and Mistral have no code for it, only a sentence. */
    private static final Pattern TOO_MUCH = Pattern.compile(
            "prompt is too long|input token count .{0,40}exceeds the maximum|too large for model with",
            CASE_INSENSITIVE);

    /** Their words for it, in a sentence or as the name of a parameter. */
    private static final Pattern OF_THINKING =
            Pattern.compile("thinking|reasoning.?effort|\\beffort\\b", CASE_INSENSITIVE);

    /** Thinking is named, but what is refused is a number or a signature. */
    private static final Pattern OF_ITS_FRAME = Pattern.compile("signature|max_?(?:output_?)?tokens", CASE_INSENSITIVE);

    private static final Duration LONGEST = Duration.ofHours(1);

    /** Of calls that do not ask for thinking. */
    Refusals(Clock clock) {
        this(clock, Optional.empty());
    }

    Failure byStatus(int status, HttpHeaders headers, String body) {
        var theirs = code(body);
        var said = "the provider answered " + status + (theirs.isEmpty() ? "" : " " + theirs);
        return switch (status) {
            case 429 -> rateLimited(theirs, said, headers);
            case 401, 403 -> new Failure(Kind.REJECTED, "provider_auth", said);
            case 404 -> new Failure(Kind.REJECTED, "model_not_found", said);
            case 408, 409, 425 -> unavailable(said, headers);
            default -> {
                if (status >= 500) {
                    yield unavailable(said, headers);
                }
                if (body.contains("API_KEY_INVALID")) {
                    yield new Failure(Kind.REJECTED, "provider_auth", said);
                }
                if (theirs.equals("context_length_exceeded")
                        || TOO_MUCH.matcher(body).find()) {
                    yield new Failure(Kind.REJECTED, "context_too_long", said);
                }
                if (askedToThink.isPresent()
                        && OF_THINKING.matcher(body).find()
                        && !OF_ITS_FRAME.matcher(body).find()) {
                    yield new Failure(Kind.REJECTED, "thinking_refused", said);
                }
                yield status >= 300
                        ? new Failure(Kind.REJECTED, "provider_rejected", said)
                        : new Failure(Kind.MALFORMED, "provider_malformed", said);
            }
        };
    }

    /** An error event in a stream that had begun with 200. */
    Failure byEvent(String data, boolean afterFirstToken) {
        var theirs = code(data);
        var said = "the provider sent an error event" + (theirs.isEmpty() ? "" : ", " + theirs);
        if (afterFirstToken) {
            return new Failure(Kind.RESET, "provider_reset", said);
        }
        return theirs.contains("rate_limit") || theirs.equals("429") || theirs.equals("RESOURCE_EXHAUSTED")
                ? new Failure(Kind.RATE_LIMITED, "rate_limited", said)
                : new Failure(Kind.UNAVAILABLE, "provider_unavailable", said);
    }

    private Failure rateLimited(String theirs, String said, HttpHeaders headers) {
        return theirs.equals("insufficient_quota")
                ? new Failure(Kind.REJECTED, "provider_quota", said)
                : new Failure(Kind.RATE_LIMITED, "rate_limited", said, retryAfter(headers), null);
    }

    private Failure unavailable(String said, HttpHeaders headers) {
        return new Failure(Kind.UNAVAILABLE, "provider_unavailable", said, retryAfter(headers), null);
    }

    Optional<Duration> retryAfter(HttpHeaders headers) {
        var millis = headers.firstValue("retry-after-ms").flatMap(v -> number(v).map(n -> millis(n, 1)));
        return millis.or(() -> headers.firstValue("retry-after").flatMap(this::retryAfter))
                .map(d -> d.isNegative() ? Duration.ZERO : d.compareTo(LONGEST) > 0 ? LONGEST : d);
    }

    private Optional<Duration> retryAfter(String value) {
        var seconds = number(value).map(n -> millis(n, 1000));
        if (seconds.isPresent()) {
            return seconds;
        }
        try {
            var at = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip(), Instant::from);
            return Optional.of(Duration.between(clock.instant(), at));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration millis(double n, int unit) {
        return Duration.ofMillis((long) Math.clamp(n * unit, 0, LONGEST.toMillis()));
    }

    private static Optional<Double> number(String value) {
        try {
            return Optional.of(Double.parseDouble(value.strip())).filter(n -> !n.isNaN());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** {@code error.code}, or {@code error.type}, where it looks like one. */
    private static String code(String json) {
        try {
            var error = JSON.readTree(json).path("error");
            var code = text(error.path("code"));
            return code.isEmpty() ? text(error.path("type")) : code;
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private static String text(JsonNode node) {
        var text = node.isValueNode() && !node.isNull() ? node.asText() : "";
        return text.matches("[A-Za-z0-9_.-]{1,64}") ? text : "";
    }
}
