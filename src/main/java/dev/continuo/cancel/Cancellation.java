package dev.continuo.cancel;

import dev.continuo.identity.Audit;
import dev.continuo.identity.Audited;
import dev.continuo.nats.Hints;
import dev.continuo.run.CancelResult;
import dev.continuo.run.CancelResult.AlreadyFinished;
import dev.continuo.run.CancelResult.Cancelled;
import dev.continuo.run.CancelResult.Requested;
import dev.continuo.run.CancelResult.Unknown;
import dev.continuo.run.Cancels;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/** Cancels one named run, never "the current one". The row is the truth; whoever works on the run learns by a hint, or by
 * its next flush. */
@Singleton
public class Cancellation {
    private final Cancels cancels;
    private final Audited audited;
    private final Hints hints;

    @Inject
    public Cancellation(Cancels cancels, Audited audited, Hints hints) {
        this.cancels = cancels;
        this.audited = audited;
        this.hints = hints;
    }

    public CancelResult cancel(Viewer viewer, UUID run, Audit.By by) {
        var result =
                audited.step(by, "run.cancel", run.toString(), () -> cancels.cancel(viewer, run), Cancellation::state);
        switch (result) {
            case Requested r -> {
                hints.cancelRequested(r.run());
                hints.threadChanged(r.org(), r.thread());
            }
            case Cancelled c -> {
                hints.threadChanged(c.org(), c.thread());
                c.promoted().ifPresent(_ -> hints.lookNow());
            }
            case AlreadyFinished _, Unknown _ -> {}
        }
        return result;
    }

    /** The run's, where this has changed anything. */
    private static Optional<String> state(CancelResult result) {
        return switch (result) {
            case Requested _ -> Optional.of("running");
            case Cancelled _ -> Optional.of("cancelled");
            case AlreadyFinished _, Unknown _ -> Optional.empty();
        };
    }
}
