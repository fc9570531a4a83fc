package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What holds for every text, cursor and list of chunks: tried on many, drawn by a seed that is named on failure. */
class LogPropertiesTest {
    private static final char[] WILD = {
        'a', '"', '\\', '\n', '\u0001', 'é', '€', '\u2028', '\0', '\uD83D', '\uDE00', '\uFFFD'
    };
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Draws what one try needs. */
    private record Draw(Random random) {
        int upTo(int most) {
            return random.nextInt(most + 1);
        }

        String wild() {
            var text = new StringBuilder();
            for (int i = upTo(12); i > 0; i--) {
                text.append(WILD[random.nextInt(WILD.length)]);
            }
            return text.toString();
        }

        List<Chunk> chunks() {
            var chunks = new ArrayList<Chunk>();
            for (int i = 1 + upTo(40); i > 0; i--) {
                chunks.add(chunk(random.nextBoolean() ? "t1" : "t\"2", Sanitize.text(wild())));
            }
            return chunks;
        }

        private Chunk chunk(String id, String text) {
            return switch (random.nextInt(8)) {
                case 0, 1 -> Chunks.textDelta(id, text);
                case 2 -> Chunks.reasoningDelta(id, text);
                case 3 -> Chunks.toolInputDelta(id, text);
                case 4 -> Chunks.textStart(id);
                case 5 -> Chunks.textEnd(id);
                case 6 -> Chunks.toolInputStart(id, "look");
                default -> Chunks.finishStep().withMeta(Logs.json("{\"final\":{}}"));
            };
        }
    }

    private interface Property {
        void holds(Draw draw) throws IOException;
    }

    private static void always(Property property) throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            try {
                property.holds(new Draw(new Random(seed)));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    @Test
    void what_is_encoded_is_decoded() throws IOException {
        always(draw -> {
            int first = 1 + draw.upTo(1_000_000);
            var records = sealed(draw.chunks(), first);
            assertThat(RecordCodec.decode(RecordCodec.encode(records), first, 7))
                    .isEqualTo(records);
        });
    }

    @Test
    void a_torn_payload_is_refused_or_shorter_but_never_something_else() throws IOException {
        always(draw -> {
            var records = sealed(draw.chunks(), 1);
            byte[] payload = RecordCodec.encode(records);
            byte[] torn = Arrays.copyOf(payload, draw.upTo(payload.length));
            try {
                var decoded = RecordCodec.decode(torn, 1, 7);
                assertThat(decoded).isEqualTo(records.subList(0, decoded.size()));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("is not a line of this log");
            }
        });
    }

    @Test
    void a_segment_that_holds_fewer_records_than_it_says_is_refused() {
        var segment = new Segment(1, 3, 7, OptionalLong.empty(), RecordCodec.encode(Logs.records(7, 1, 2)));
        assertThatThrownBy(() -> RecordCodec.decode(segment)).hasMessage("segment 1..3 holds 2 records");
    }

    @Test
    void a_chunk_with_a_line_break_is_refused() {
        var torn = List.of(new LogRecord(1, 1, Logs.json("{\n}")));
        assertThatThrownBy(() -> RecordCodec.encode(torn)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_cursor_reads_back() throws IOException {
        always(draw -> {
            var run = new UUID(draw.random().nextLong(), draw.random().nextLong());
            var cursor = new Cursor(run, draw.upTo(Integer.MAX_VALUE - 1), draw.upTo(999_999_999));
            var end = Cursor.end(run, cursor.epoch());
            assertThat(Cursor.parse(cursor.toString())).contains(cursor);
            assertThat(Cursor.parse(end.toString())).contains(end);
            assertThat(Cursor.parse(cursor + "x" + draw.wild())).isEmpty();
        });
    }

    @Test
    void clean_text_has_utf8_and_no_nul_and_stays_as_it_is() throws IOException {
        always(draw -> {
            var raw = draw.wild();
            var clean = Sanitize.text(raw);
            assertThat(clean).doesNotContain("\0").hasSameSizeAs(raw);
            assertThat(throughUtf8(clean)).isEqualTo(clean);
            assertThat(Sanitize.text(clean)).isSameAs(clean);
        });
    }

    @Test
    void clean_json_is_clean_in_every_name_and_value() throws IOException {
        always(draw -> {
            var raw = MAPPER.createObjectNode();
            raw.putArray(draw.wild()).add(draw.wild()).add(1).addObject().put(draw.wild(), draw.wild());
            var clean = Sanitize.json(raw).toString();
            assertThat(clean).doesNotContain("\\u0000");
            assertThat(throughUtf8(clean)).isEqualTo(clean);
        });
    }

    @Test
    void text_cleaned_in_pieces_is_the_text_cleaned_at_once() throws IOException {
        always(draw -> {
            var raw = draw.wild();
            int size = 1 + draw.upTo(4);
            var stream = new Sanitize.Stream();
            var all = new StringBuilder();
            for (int i = 0; i < raw.length(); i += size) {
                var piece = stream.next(raw.substring(i, Math.min(raw.length(), i + size)));
                assertThat(throughUtf8(piece)).isEqualTo(piece);
                all.append(piece);
            }
            assertThat(all.append(stream.end())).hasToString(Sanitize.text(raw));
        });
    }

    @Test
    void a_delta_is_json_on_one_line() throws IOException {
        always(draw -> {
            var text = draw.wild();
            byte[] json = Chunks.textDelta(draw.wild(), text).json();
            assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
            assertThat(Sanitize.text(MAPPER.readTree(json).path("delta").textValue()))
                    .isEqualTo(Sanitize.text(text));
        });
    }

    @Test
    void compacted_records_are_the_same_message_without_adjacent_deltas_of_a_part() throws IOException {
        always(draw -> {
            var records = sealed(draw.chunks(), 1);
            var compacted = Compacted.fold(records);
            assertThat(AnswerParts.fold(compacted)).isEqualTo(AnswerParts.fold(records));
            JsonNode before = MAPPER.nullNode();
            for (var r : compacted) {
                var chunk = MAPPER.readTree(r.chunk());
                assertThat(isDelta(chunk) && part(chunk).equals(part(before))).isFalse();
                before = chunk;
            }
        });
    }

    @Test
    void a_client_cut_anywhere_in_a_compacted_replay_resumes_exactly() throws IOException {
        always(draw -> {
            var records = sealed(draw.chunks(), 1);
            var compacted = Compacted.fold(records);
            var seen = new ArrayList<>(compacted.subList(0, draw.upTo(compacted.size())));
            int last = seen.isEmpty() ? 0 : seen.getLast().idx();
            seen.addAll(records.subList(last, records.size()));
            assertThat(AnswerParts.fold(seen)).isEqualTo(AnswerParts.fold(records));
        });
    }

    private static String throughUtf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static List<LogRecord> sealed(List<Chunk> chunks, int first) {
        var records = new ArrayList<LogRecord>();
        for (var c : chunks) {
            records.add(new LogRecord(first + records.size(), 7, c.json(), c.meta()));
        }
        return records;
    }

    private static boolean isDelta(JsonNode chunk) {
        return chunk.path("type").asText().endsWith("-delta");
    }

    private static String part(JsonNode chunk) {
        return chunk.path("type") + " " + chunk.path("id") + chunk.path("toolCallId");
    }
}
