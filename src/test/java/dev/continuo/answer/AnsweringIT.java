package dev.continuo.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.continuo.identity.Audit;
import dev.continuo.identity.Audited;
import dev.continuo.nats.Hints;
import dev.continuo.nats.NatsConnections;
import dev.continuo.run.AnswerResult;
import dev.continuo.run.Question;
import dev.continuo.run.RunState;
import dev.continuo.run.Truth;
import dev.continuo.testkit.Nats;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnsweringIT {
    private final Truth truth = Truth.fresh();
    private final NatsConnections nats = NatsConnections.to(Nats.shared().url());
    private final Audit audit = new Audit(truth.jdbi);
    private final Answering answering = new Answering(truth.pauses, new Audited(audit), new Hints(nats));

    @AfterEach
    void close() {
        nats.close();
    }

    private AnswerResult approve(UUID run, String call, String subject) {
        var yes = JsonNodeFactory.instance.objectNode().put("approved", true);
        return truth.tx(() -> answering.answer(truth.ann, run, call, yes, new Audit.By(truth.org, subject, "request")));
    }

    private List<String> rows() {
        return audit.list(truth.org, new Audit.Filter(Optional.empty(), Optional.empty()), Long.MAX_VALUE, 10).stream()
                .map(row -> row.action() + " " + row.result())
                .toList();
    }

    @Test
    void what_cannot_be_written_down_is_not_answered_and_what_changes_nothing_leaves_no_row() {
        var run = truth.post("t").run();
        var claim = truth.start(Truth.node("n"));
        var open = JsonNodeFactory.instance.objectNode();
        truth.tx(() -> truth.pauses.pause(
                claim.fence(),
                List.of(Question.open("c1", Question.APPROVAL, open), Question.open("c2", Question.APPROVAL, open))));

        assertThatThrownBy(() -> approve(run, "c1", null)).hasMessageContaining("null value");
        assertThat(truth.pauses.questions(run)).allMatch(q -> q.answer().isEmpty());
        assertThat(rows()).isEmpty();

        assertThat(approve(run, "c1", "ann")).isEqualTo(new AnswerResult.MoreToAnswer());
        assertThat(approve(run, "c1", "ann")).isEqualTo(new AnswerResult.Repeated());
        assertThat(approve(run, "c3", "ann")).isEqualTo(new AnswerResult.Unknown());
        assertThat(approve(run, "c2", "ann")).isInstanceOf(AnswerResult.Resumed.class);
        assertThat(truth.run(run).state()).isEqualTo(RunState.READY);
        assertThat(rows()).containsExactlyInAnyOrder("run.answer requires_action", "run.answer queued");
    }
}
