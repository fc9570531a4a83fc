package dev.continuo.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.log.AnswerParts;
import dev.continuo.log.Terminal;
import dev.continuo.node.NodeId;
import dev.continuo.run.FinishResult.Finished;
import dev.continuo.run.FlushOutcome.Committed;
import dev.continuo.thread.StoredMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunLifeIT {
    private final Truth truth = Truth.fresh();
    private final NodeId node = Truth.node("n1");

    @Test
    void a_run_is_claimed_opened_written_and_finished_with_its_answer() {
        var accepted = truth.post("t");
        Claim claim = truth.claimOne(node);
        assertThat(claim.run()).isEqualTo(accepted.run());
        assertThat(claim.epoch()).isEqualTo(1);
        assertThat(claim.opened()).isFalse();
        assertThat(truth.open(Opening.first(claim.fence(), node.name()))).isEqualTo(new OpenResult.Opened(0, false));
        assertThat(truth.flushOne(Truth.opening(claim, "Hello", ", ")))
                .isEqualTo(new Committed(claim.run(), 1, 4, false));
        assertThat(truth.flushOne(Truth.words(claim.fence(), 5, "world")))
                .isEqualTo(new Committed(claim.run(), 1, 5, false));

        var finished = (Finished) truth.complete(claim.fence());
        assertThat(finished.terminal())
                .isEqualTo(new Terminal(
                        "completed",
                        1,
                        6,
                        Optional.of(AnswerParts.sha256("Hello, world")),
                        Optional.of("{\"output\": 3}"),
                        accepted.message(),
                        Optional.of(accepted.answer()),
                        Optional.empty()));
        List<StoredMessage> messages = truth.messages.ofRun(claim.run());
        assertThat(messages).extracting(StoredMessage::role).containsExactly("user", "assistant");
        assertThat(messages.get(1).parts().get(0).path("text").asText()).isEqualTo("Hello, world");
        assertThat(messages.get(1).complete()).isTrue();

        var snapshot = truth.snapshots.read(claim.run(), 4).orElseThrow();
        assertThat(snapshot.terminal()).contains(finished.terminal());
        assertThat(snapshot.segments())
                .extracting(s -> s.first() + ".." + s.last())
                .containsExactly("5..5", "6..6");
        assertThat(snapshot.openedEpoch()).isEqualTo(1);
        assertThat(snapshot.openedClaim()).contains(claim.claimId());
        assertThat(snapshot.segmentsKept()).isTrue();
        assertThat(truth.complete(claim.fence()))
                .as("asked again after an unknown outcome")
                .isEqualTo(new Finished(finished.terminal(), claim.thread(), claim.org(), Optional.empty()));
    }

    @Test
    void a_run_that_said_nothing_has_no_answer_and_its_terminal_is_the_stored_one() {
        truth.post("t");
        Claim claim = truth.start(node);

        var finished = (Finished) truth.complete(claim.fence());

        assertThat(finished.terminal().answerId()).isEmpty();
        assertThat(truth.snapshots.read(claim.run(), 0).orElseThrow().terminal())
                .contains(finished.terminal());
    }
}
