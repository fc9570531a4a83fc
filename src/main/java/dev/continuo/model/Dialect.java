package dev.continuo.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.model.EventStream.Event;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What each provider's stream says beyond the words of the model: whether, why and with what usage it ended. LangChain4j
 * reads the words; it drops finish reasons that it does not know, and does not tell an end from a cut.
 */
public enum Dialect {
    OPENAI("\"finish_reason\"\\s*:\\s*\"") {
        @Override
        Optional<String> finish(JsonNode event) {
            return text(event.path("choices").path(0).path("finish_reason"));
        }

        @Override
        FinishReason reason(String theirs) {
            return switch (theirs) {
                case "stop" -> FinishReason.STOP;
                case "length" -> FinishReason.LENGTH;
                case "content_filter" -> FinishReason.CONTENT_FILTER;
                case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
                default -> FinishReason.OTHER;
            };
        }
    },

    MISTRAL("\"finish_reason\"\\s*:\\s*\"") {
        private static final Pattern MISTRALS_ID = Pattern.compile("[A-Za-z0-9]{9}");
        private static final Pattern CHOICE = Pattern.compile("\"choices\"\\s*:\\s*\\[\\s*\\{");

        @Override
        boolean knows(Event event) {
            return CHOICE.matcher(event.data()).find();
        }

        @Override
        Optional<Event> ending() {
            return Optional.of(new Event("", "[DONE]"));
        }

        /** LangChain4j sends the bytes alone otherwise, of which nobody knows what they are. */
        @Override
        Content image(String mediaType, String base64) {
            return ImageContent.from(URI.create("data:" + mediaType + ";base64," + base64));
        }

        @Override
        Content pdf(String base64) {
            return PdfFileContent.from(URI.create("data:application/pdf;base64," + base64));
        }

        /** Nine letters or digits; everything else is refused. */
        @Override
        String callId(String ours) {
            return MISTRALS_ID.matcher(ours).matches() ? ours : shortened(ours);
        }

        @Override
        Optional<String> finish(JsonNode event) {
            return OPENAI.finish(event);
        }

        @Override
        FinishReason reason(String theirs) {
            return theirs.equals("model_length") ? FinishReason.LENGTH : OPENAI.reason(theirs);
        }
    },

    ANTHROPIC("\"(?:stop_reason|usage|signature|redacted_thinking)\"") {
        private static final Set<String> KNOWN = Set.of(
                "message_start",
                "content_block_start",
                "content_block_delta",
                "content_block_stop",
                "message_delta",
                "message_stop");

        @Override
        boolean knows(Event event) {
            return KNOWN.contains(event.name());
        }

        @Override
        boolean ends(Event event) {
            return event.name().equals("message_stop");
        }

        @Override
        Optional<Event> ending() {
            return Optional.of(new Event("message_stop", "{\"type\":\"message_stop\"}"));
        }

        @Override
        Optional<String> finish(JsonNode event) {
            return text(event.path("delta").path("stop_reason"));
        }

        @Override
        Optional<Signature> signature(JsonNode event) {
            var block = event.path("content_block");
            if (block.path("type").asText().equals("redacted_thinking")) {
                return text(block.path("data")).map(data -> new Signature(this, Signature.Of.HIDDEN, data));
            }
            return text(event.path("delta").path("signature"))
                    .or(() -> text(block.path("signature")))
                    .map(value -> new Signature(this, Signature.Of.THOUGHT, value));
        }

        /** Begins with the input, counts the output on; what came from the cache or went into it is input here too. */
        @Override
        Usage usage(JsonNode event, Usage before) {
            var usage = event.path("type").asText().equals("message_start")
                    ? event.path("message").path("usage")
                    : event.path("usage");
            int cached = usage.path("cache_read_input_tokens").asInt(0);
            int input = usage.path("input_tokens").asInt(0)
                    + cached
                    + usage.path("cache_creation_input_tokens").asInt(0);
            return new Usage(
                    Math.max(before.input(), input),
                    Math.max(before.output(), usage.path("output_tokens").asInt(0)),
                    0,
                    Math.max(before.cached(), cached));
        }

        @Override
        FinishReason reason(String theirs) {
            return switch (theirs) {
                case "end_turn", "stop_sequence" -> FinishReason.STOP;
                case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
                case "tool_use" -> FinishReason.TOOL_CALLS;
                case "refusal" -> FinishReason.CONTENT_FILTER;
                default -> FinishReason.OTHER;
            };
        }
    },

    GEMINI("\"(?:finishReason|blockReason|usageMetadata|thoughtSignature)\"") {
        private static final Pattern REASON = Pattern.compile("\"finishReason\"\\s*:\\s*\"([A-Z_]*)\"");
        private static final Set<String> KNOWN = Set.of(
                "STOP",
                "MAX_TOKENS",
                "SAFETY",
                "RECITATION",
                "LANGUAGE",
                "OTHER",
                "BLOCKLIST",
                "PROHIBITED_CONTENT",
                "SPII",
                "MALFORMED_FUNCTION_CALL",
                "IMAGE_SAFETY",
                "UNEXPECTED_TOOL_CALL");

        /** LangChain4j fails on a reason that is newer than itself. */
        @Override
        String readable(String data) {
            return REASON.matcher(data)
                    .replaceAll(m -> KNOWN.contains(m.group(1)) ? "$0" : "\"finishReason\": \"OTHER\"");
        }

        @Override
        Optional<String> finish(JsonNode event) {
            return text(event.path("candidates").path(0).path("finishReason"))
                    .filter(reason -> !reason.equals("FINISH_REASON_UNSPECIFIED"))
                    .or(() -> text(event.path("promptFeedback").path("blockReason"))
                            .map(_ -> "SAFETY"));
        }

        /** The first call's: of parallel calls it alone has one. That of a text is not wanted back. */
        @Override
        Optional<Signature> signature(JsonNode event) {
            var parts = event.path("candidates").path(0).path("content").path("parts");
            return StreamSupport.stream(parts.spliterator(), false)
                    .filter(part -> part.has("functionCall"))
                    .findFirst()
                    .flatMap(part -> text(part.path("thoughtSignature")))
                    .map(value -> new Signature(this, Signature.Of.CALLS, value));
        }

        /** Thoughts are output, as with the others. */
        @Override
        Usage usage(JsonNode event, Usage before) {
            var usage = event.path("usageMetadata");
            if (usage.isMissingNode()) {
                return before;
            }
            int thoughts = usage.path("thoughtsTokenCount").asInt(0);
            return new Usage(
                    usage.path("promptTokenCount").asInt(0)
                            + usage.path("toolUsePromptTokenCount").asInt(0),
                    usage.path("candidatesTokenCount").asInt(0) + thoughts,
                    thoughts,
                    usage.path("cachedContentTokenCount").asInt(0));
        }

        @Override
        FinishReason reason(String theirs) {
            return switch (theirs) {
                case "STOP" -> FinishReason.STOP;
                case "MAX_TOKENS" -> FinishReason.LENGTH;
                case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY" ->
                    FinishReason.CONTENT_FILTER;
                default -> FinishReason.OTHER;
            };
        }
    };

    private static final Pattern COMMON_ID = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    /** Parsing every event twice would cost half of the time; inside a JSON string a quote is escaped. */
    private final Pattern telling;

    Dialect(String telling) {
        this.telling = Pattern.compile(telling);
    }

    boolean tells(String data) {
        return telling.matcher(data).find();
    }

    /** Whether the event is one to be read; providers add new ones. */
    boolean knows(Event event) {
        return true;
    }

    /** The event's data as LangChain4j can read it. */
    String readable(String data) {
        return data;
    }

    /** Whether nothing follows this event. */
    boolean ends(Event event) {
        return false;
    }

    /** The last event, for LangChain4j, where it was not passed on: it did not come, or is an end to ourselves. */
    Optional<Event> ending() {
        return Optional.empty();
    }

    /** A call's id as the provider takes it: a thread may have been answered by another provider before. */
    String callId(String ours) {
        return COMMON_ID.matcher(ours).matches() ? ours : shortened(ours);
    }

    /** The same id gives the same one everywhere. */
    private static String shortened(String id) {
        var hash = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
        var digits =
                "0000000" + Long.toUnsignedString(hash.getMostSignificantBits() ^ hash.getLeastSignificantBits(), 36);
        return "c" + digits.substring(digits.length() - 8);
    }

    abstract Optional<String> finish(JsonNode event);

    abstract FinishReason reason(String theirs);

    /** The usage so far, where the stream itself has to be asked for it. */
    Usage usage(JsonNode event, Usage before) {
        return before;
    }

    /** Whether a temperature may be sent where thinking is asked for. */
    boolean thinksAtAnyTemperature() {
        return switch (this) {
            case OPENAI, ANTHROPIC -> false;
            case GEMINI, MISTRAL -> true;
        };
    }

    /** A picture as the provider takes it. */
    Content image(String mediaType, String base64) {
        return ImageContent.from(base64, mediaType);
    }

    Content pdf(String base64) {
        return PdfFileContent.from(base64, "application/pdf");
    }

    /** What the event brings of what the provider wants back. */
    Optional<Signature> signature(JsonNode event) {
        return Optional.empty();
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(t -> !t.isEmpty());
    }
}
