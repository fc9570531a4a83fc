package dev.continuo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.LiveMessage;
import dev.continuo.nats.Hints;
import dev.continuo.nats.NatsConnections;
import dev.continuo.run.Truth;
import dev.continuo.stats.Stats;
import dev.continuo.testkit.MemoryLiveLog;
import dev.continuo.testkit.Nats;
import dev.continuo.thread.ThreadDeletion;
import org.junit.jupiter.api.Test;

class PurgeIT {
    private final Truth truth = Truth.fresh();
    private final MemoryLiveLog live = new MemoryLiveLog();
    private final Chores chores = new Chores(
            truth.janitor, live, new Hints(NatsConnections.to(Nats.shared().url())), new Stats());

    @Test
    void a_deleted_thread_leaves_jetstream_once_nobody_can_be_writing_there_however_often_the_broker_is_away()
            throws Exception {
        var gone = truth.say("gone", "m1", "one?", "first");
        var stays = truth.say("stays", "m1", "one?", "first");
        var marker = new LiveMessage.Marker(1, "0123abcd", 0, "claim");
        live.publish(gone.thread(), gone.run(), marker, 0);
        live.publish(stays.thread(), stays.run(), marker, 0);
        var deletion = new ThreadDeletion(truth.jdbi);
        truth.tx(() -> deletion.delete(truth.ann, gone.thread()));

        chores.runOnce();
        assertThat(live.replay(gone.thread(), gone.run(), 0))
                .as("its owner may not know yet")
                .hasSize(1);
        truth.execute("update purges set due_at = due_at - interval '2 minutes'");
        live.goAway();
        chores.runOnce();
        live.comeBack();
        assertThat(live.replay(gone.thread(), gone.run(), 0)).hasSize(1);
        chores.runOnce();

        assertThat(live.replay(gone.thread(), gone.run(), 0)).isEmpty();
        assertThat(live.replay(stays.thread(), stays.run(), 0)).hasSize(1);
        assertThat(truth.one("select count(*) from purges", int.class)).isZero();
    }
}
