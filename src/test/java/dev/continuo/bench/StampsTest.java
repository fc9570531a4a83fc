package dev.continuo.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampsTest {
    private static final long SENT = 1_767_225_600_000_000_000L;
    private final Latencies latencies = new Latencies();
    private final Stamps stamps = new Stamps(latencies);

    private static String event(int... numbers) {
        var text = new StringBuilder("id: r.1.1\ndata: {\"type\":\"text-delta\",\"delta\":\"");
        for (int n : numbers) {
            text.append(n).append('@').append(SENT).append(' ');
        }
        return text.append("\"}\n\n").toString();
    }

    private void feed(String text, int piece) {
        byte[] bytes = text.getBytes(US_ASCII);
        for (int from = 0; from < bytes.length; from += piece) {
            stamps.feed(bytes, from, Math.min(bytes.length, from + piece), SENT + 3_000_000);
        }
    }

    @Test
    void however_the_stream_is_cut_each_stamp_counts_once() {
        var whole = event(1) + event(2, 3, 4) + event(5) + "event: terminal\nid: r.1.end\ndata: {}\n\n";
        for (int piece = 1; piece <= whole.length(); piece++) {
            var each = new Stamps(new Latencies());
            byte[] bytes = whole.getBytes(US_ASCII);
            for (int from = 0; from < bytes.length; from += piece) {
                each.feed(bytes, from, Math.min(bytes.length, from + piece), SENT);
            }
            assertThat(each.stamps()).as("pieces of " + piece).isEqualTo(5);
            assertThat(each.last()).isEqualTo(5);
            assertThat(each.missing() + each.doubled()).isZero();
            assertThat(each.terminal()).isTrue();
        }
    }

    @Test
    void a_hole_and_a_repeat_are_seen() {
        feed(event(1) + event(2) + event(5) + event(5), 7);
        assertThat(stamps.missing()).isEqualTo(2);
        assertThat(stamps.doubled()).isEqualTo(1);
        assertThat(stamps.terminal()).isFalse();
    }

    @Test
    void an_address_is_no_stamp() {
        feed("data: mail me@example.com or 12@34 5@" + SENT / 10 + "\n\n", 1000);
        assertThat(stamps.stamps()).isZero();
    }

    @Test
    void a_stamp_tells_how_long_it_took() {
        feed(event(1), 1000);
        assertThat(latencies.percentile(50)).isBetween(2.95, 3.05);
    }

    @Test
    void chunks_of_a_response_are_put_together() {
        var body = event(1, 2) + event(3);
        var http = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int from = 0; from < body.length(); from += 17) {
            var piece = body.substring(from, Math.min(body.length(), from + 17));
            http.append(Integer.toHexString(piece.length()))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        byte[] bytes = http.append("0\r\n\r\n").toString().getBytes(US_ASCII);
        for (int piece = 1; piece < 40; piece++) {
            var each = new Stamps(new Latencies());
            var answer = new Answer(each);
            for (int from = 0; from < bytes.length; from += piece) {
                answer.feed(bytes, from, Math.min(bytes.length, from + piece), SENT);
            }
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.ended()).as("pieces of " + piece).isTrue();
            assertThat(each.last()).isEqualTo(3);
            assertThat(each.missing() + each.doubled()).isZero();
        }
    }

    @Test
    void percentiles_are_off_by_less_than_two_percent() {
        for (int i = 1; i <= 10_000; i++) {
            latencies.add(i * 1_000L);
        }
        assertThat(latencies.percentile(50)).isBetween(4.9, 5.1);
        assertThat(latencies.percentile(99)).isBetween(9.7, 10.1);
        assertThat(latencies.percentile(100)).isBetween(9.8, 10.2);
    }
}
