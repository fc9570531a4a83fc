package dev.continuo.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.ThreadReader.Asked;
import dev.continuo.log.ThreadReader.Claimed;
import dev.continuo.log.ThreadReader.Next;
import dev.continuo.log.ThreadReader.Now;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThreadReaderTest {
    private static final Cursor END = Cursor.end(run(3), 1);
    private static final Now NOW = new Now(Optional.of(END), 3);
    private static final Now EMPTY = new Now(Optional.empty(), 0);

    @Test
    void without_a_cursor_an_idle_thread_opens_at_its_last_end() {
        var begun = ThreadReader.begin(new Asked.Newest(), NOW, List.of());
        assertThat(begun.first()).isEqualTo(new Next.Open(Optional.of(END)));
        assertThat(begun.reader().next(List.of(), NOW)).isEqualTo(new Next.Quiet());
    }

    @Test
    void without_a_cursor_a_run_in_flight_is_shown_from_its_first_record() {
        var begun = ThreadReader.begin(new Asked.Newest(), NOW, List.of(running(4)));
        assertThat(begun.first()).isEqualTo(new Next.Here(Optional.of(END)));
        assertThat(begun.reader().next(List.of(running(4)), NOW)).isEqualTo(new Next.Show(run(4), Optional.empty()));
    }

    @Test
    void runs_come_in_order_each_after_the_end_of_the_one_before() {
        var cursor = new Cursor(run(1), 1, 7);
        var begun = ThreadReader.begin(new Asked.Since(cursor, OptionalLong.of(1)), NOW, List.of());
        var reader = begun.reader();
        assertThat(begun.first()).isEqualTo(new Next.Show(run(1), Optional.of(cursor)));
        assertThat(reader.next(List.of(finished(3), running(4)), NOW)).isEqualTo(new Next.Quiet());
        reader.ended();
        assertThat(reader.next(List.of(finished(3), running(4)), NOW)).isEqualTo(new Next.Stored(run(3)));
        reader.ended();
        assertThat(reader.turn()).isEqualTo(3);
        assertThat(reader.next(List.of(running(4)), NOW)).isEqualTo(new Next.Show(run(4), Optional.empty()));
        assertThat(reader.showing()).contains(run(4));
    }

    @Test
    void a_cursor_of_no_run_of_the_thread_resets() {
        assertThat(ThreadReader.begin(Asked.of(Optional.of(END.toString())), NOW, List.of())
                        .first())
                .isEqualTo(new Next.Reset(Optional.of(END)));
        assertThat(ThreadReader.begin(Asked.of(Optional.of("nonsense")), EMPTY, List.of())
                        .first())
                .isEqualTo(new Next.Reset(Optional.empty()));
    }

    @Test
    void zero_is_the_beginning() {
        var begun = ThreadReader.begin(Asked.of(Optional.of("0")), NOW, List.of());
        assertThat(begun.first()).isEqualTo(new Next.Quiet());
        assertThat(begun.reader().next(List.of(finished(2)), NOW)).isEqualTo(new Next.Stored(run(2)));
    }

    @Test
    void more_than_fifty_runs_behind_is_reset_and_goes_on_from_now() {
        var now = new Now(Optional.of(Cursor.end(run(51), 1)), 51);
        var reader =
                ThreadReader.begin(Asked.of(Optional.of("0")), now, List.of()).reader();
        var behind = IntStream.rangeClosed(1, 51)
                .mapToObj(ThreadReaderTest::finished)
                .toList();
        assertThat(reader.next(behind, now)).isEqualTo(new Next.Reset(now.lastFinished()));
        assertThat(reader.next(List.of(running(52)), now)).isEqualTo(new Next.Show(run(52), Optional.empty()));
    }

    private static Claimed finished(int turn) {
        return new Claimed(run(turn), turn, true);
    }

    private static Claimed running(int turn) {
        return new Claimed(run(turn), turn, false);
    }

    private static UUID run(int turn) {
        return new UUID(0x4000, 0x8000_0000_0000_0000L | turn);
    }
}
