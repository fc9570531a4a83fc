package dev.continuo.log;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** One chunk of the AI SDK's vocabulary before it has an idx; {@link Chunks} builds them. */
public sealed interface Chunk {
    byte[] NO_META = {};

    /** The UTF-8 JSON object, on one line. */
    byte[] json();

    /** A JSON object that never leaves the server, or empty. */
    byte[] meta();

    /** A piece of a part; adjacent pieces of one part may become one record. */
    record Delta(Kind kind, String id, String text) implements Chunk {
        public Delta {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(id);
            Objects.requireNonNull(text);
        }

        public enum Kind {
            TEXT("text-delta", "id", "delta"),
            REASONING("reasoning-delta", "id", "delta"),
            TOOL_INPUT("tool-input-delta", "toolCallId", "inputTextDelta");

            private final String type;
            private final String idField;
            private final String textField;
            private final byte[] opening;
            private final byte[] middle;

            Kind(String type, String idField, String textField) {
                this.type = type;
                this.idField = idField;
                this.textField = textField;
                opening = ("{\"type\":\"" + type + "\",\"" + idField + "\":")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                middle = (",\"" + textField + "\":").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            }

            byte[] opening() {
                return opening;
            }

            byte[] middle() {
                return middle;
            }
        }

        /** A chunk as one; empty where it is another kind of chunk. */
        static Optional<Delta> of(JsonNode chunk) {
            return Arrays.stream(Kind.values())
                    .filter(k -> k.type.equals(chunk.path("type").asText()))
                    .findFirst()
                    .map(k -> new Delta(
                            k,
                            chunk.path(k.idField).asText(),
                            chunk.path(k.textField).asText()));
        }

        Delta withText(String other) {
            return new Delta(kind, id, other);
        }

        boolean continues(Delta before) {
            return kind == before.kind && id.equals(before.id);
        }

        @Override
        public byte[] json() {
            return json(kind, id, text);
        }

        static byte[] json(Kind kind, String id, CharSequence text) {
            return new JsonBytes()
                    .raw(kind.opening())
                    .string(id)
                    .raw(kind.middle())
                    .string(text)
                    .raw("}")
                    .done();
        }

        @Override
        public byte[] meta() {
            return NO_META;
        }
    }

    /** Any other chunk. */
    record Whole(byte[] json, byte[] meta) implements Chunk {
        public Whole {
            Objects.requireNonNull(json);
            Objects.requireNonNull(meta);
        }

        public Whole withMeta(byte[] secret) {
            return new Whole(json, secret);
        }
    }
}
