package dev.continuo.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.attach.Batch;
import dev.continuo.attach.Batches;
import dev.continuo.attach.Signal;
import dev.continuo.identity.Caller;
import dev.continuo.identity.Role;
import dev.continuo.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventsFeedTest {
    private static final UUID ORG = UUID.randomUUID();
    private static final UUID RUN = new UUID(0, 1);

    private volatile List<ThreadStatus> stored = List.of();
    private final Board board = new Board(
            orgs -> stored.stream().filter(s -> orgs.contains(s.org())).toList(), Duration.ofMillis(1));

    private static ThreadStatus status(UUID org, String creator, String thread, String state) {
        return new ThreadStatus(org, creator, thread, Optional.of("Tea"), Optional.of(RUN), state, 2, 1);
    }

    private static Caller caller(String subject, Role role) {
        return new Caller(ORG, subject, role, Set.of(), Optional.empty());
    }

    /** One caller's stream; {@link #hears} awaits exactly these frames. */
    private final class Listener {
        final EventsFeed feed;
        final Batch out = new Batch();

        Listener(Caller caller) {
            feed = new EventsFeed(caller, board);
            feed.begin(new Signal());
        }

        void hears(String... states) {
            var heard = new StringBuilder();
            Await.until(List.of(states) + " but heard " + heard, Duration.ofSeconds(5), () -> {
                board.compare();
                feed.next(out);
                heard.append(Batches.text(out));
                return heard.toString().split("event: thread\n", -1).length - 1 >= states.length;
            });
            assertThat(heard.toString().lines().filter(l -> l.startsWith("data: ")))
                    .containsExactly(states);
        }
    }

    private static String data(String thread, String state) {
        return "data: {\"thread\":\"" + thread + "\",\"run\":\"" + RUN + "\",\"state\":\"" + state
                + "\",\"title\":\"Tea\",\"waiting\":2,\"edits\":1}";
    }

    @Test
    void a_connect_hears_what_is_there_and_then_only_changes() {
        stored = List.of(status(ORG, "ann", "t1", "running"), status(ORG, "ann", "t2", "queued"));
        var ann = new Listener(caller("ann", Role.MEMBER));
        ann.hears(data("t1", "running"), data("t2", "queued"));
        stored = List.of(status(ORG, "ann", "t1", "completed"), status(ORG, "ann", "t2", "queued"));
        ann.hears(data("t1", "completed"));
        ann.feed.close();
    }

    @Test
    void nobody_hears_of_other_members_or_other_organisations_and_an_admin_hears_all_of_their_own() {
        stored = List.of(
                status(ORG, "bob", "t1", "running"),
                status(UUID.randomUUID(), "ann", "t2", "running"),
                status(ORG, "ann", "t3", "running"));
        var ann = new Listener(caller("ann", Role.MEMBER));
        ann.hears(data("t3", "running"));
        var admin = new Listener(caller("root", Role.ADMIN));
        admin.hears(data("t1", "running"), data("t3", "running"));
        ann.feed.close();
        admin.feed.close();
    }
}
