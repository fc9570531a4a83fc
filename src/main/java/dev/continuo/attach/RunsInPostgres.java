package dev.continuo.attach;

import dev.continuo.log.Known;
import dev.continuo.log.RunSnapshot;
import dev.continuo.run.Progress;
import dev.continuo.run.RunProgress;
import dev.continuo.run.RunState;
import dev.continuo.run.Snapshots;
import dev.continuo.run.Snapshots.Above;
import dev.continuo.sql.BatchedQuery;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

@Singleton
final class RunsInPostgres implements StoredRuns {
    private final Progress progress;
    private final Snapshots snapshots;
    private final BatchedQuery<Above, Optional<RunSnapshot>> later;

    @Inject
    RunsInPostgres(Progress progress, Snapshots snapshots) {
        this.progress = progress;
        this.snapshots = snapshots;
        this.later = new BatchedQuery<>(a -> snapshots.read(a.run(), a.idx()), snapshots::read);
    }

    /** What a look from the first record on brings may be long, and nobody else should wait for it. */
    @Override
    public Optional<RunSnapshot> snapshot(UUID run, int aboveIdx) {
        return aboveIdx == 0 ? snapshots.read(run, 0) : later.ask(new Above(run, aboveIdx));
    }

    @Override
    public Map<UUID, Known> known(Collection<UUID> runs) {
        return progress.of(runs).stream()
                .collect(Collectors.toMap(
                        RunProgress::run,
                        p -> new Known(
                                p.openedEpoch(),
                                p.committedIdx(),
                                p.state().isTerminal(),
                                p.state() == RunState.PAUSED)));
    }
}
