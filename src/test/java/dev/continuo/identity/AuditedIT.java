package dev.continuo.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.continuo.run.CancelResult;
import dev.continuo.run.RunState;
import dev.continuo.run.Truth;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditedIT {
    private final Truth truth = Truth.fresh();
    private final Audit audit = new Audit(truth.jdbi);
    private final Audited audited = new Audited(audit);

    private List<Audit.Entry> rows() {
        return audit.list(truth.org, new Audit.Filter(Optional.empty(), Optional.empty()), Long.MAX_VALUE, 10);
    }

    private CancelResult cancel(UUID run, String subject) {
        return truth.tx(() -> audited.step(
                new Audit.By(truth.org, subject, "r"),
                "run.cancel",
                run.toString(),
                () -> truth.cancels.cancel(truth.ann, run),
                result -> result instanceof CancelResult.Cancelled ? Optional.of("cancelled") : Optional.empty()));
    }

    @Test
    void what_cannot_be_written_down_is_not_done() {
        var run = truth.post("t").run();
        assertThatThrownBy(() -> cancel(run, null)).hasMessageContaining("null value");
        assertThat(truth.run(run).state()).isEqualTo(RunState.READY);
        assertThat(rows()).isEmpty();

        cancel(run, "ann");
        assertThat(truth.run(run).state()).isEqualTo(RunState.CANCELLED);
        assertThat(rows()).singleElement().satisfies(row -> assertThat(row.target())
                .contains(run.toString()));

        cancel(run, "ann");
        assertThat(rows()).as("nothing was done").hasSize(1);
    }
}
