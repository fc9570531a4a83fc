package dev.continuo.execution;

import dev.continuo.nats.Hints;
import dev.continuo.run.Claim;
import dev.continuo.stats.Stats;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The runs this node executes, one virtual thread each, and the slots for more. */
@Singleton
public class RunExecutor {
    private static final System.Logger LOG = System.getLogger(RunExecutor.class.getName());

    private final int slots;
    private final RunExecutions executions;
    private final Stats stats;
    private final Map<UUID, RunExecution> active = new ConcurrentHashMap<>();
    private final Set<UUID> expected = ConcurrentHashMap.newKeySet();
    private final List<Runnable> slotFree = new CopyOnWriteArrayList<>();

    @Inject
    public RunExecutor(
            @ConfigProperty(name = "continuo.runs.slots") int slots,
            RunExecutions executions,
            Stats stats,
            Hints hints) {
        if (slots < 1) {
            throw new IllegalArgumentException("continuo.runs.slots must be 1 or more, not " + slots);
        }
        this.slots = slots;
        this.executions = executions;
        this.stats = stats;
        hints.onCancelRequested(this::cancelRequested);
    }

    public int freeSlots() {
        return Math.max(0, slots - active.size());
    }

    public int activeRuns() {
        return active.size();
    }

    /** What this node runs at the moment. */
    public List<Owned> active() {
        return active.values().stream()
                .map(execution -> new Owned(execution.runId(), execution.claimId()))
                .toList();
    }

    /** Called whenever a run has left, so that the next one need not wait for a tick. */
    public void onSlotFree(Runnable listener) {
        slotFree.add(listener);
    }

    /**
     * Announces a claim id before the statement that writes it, so that its rows are never taken for forgotten ones
     * while the statement's answer is on its way.
     */
    public Expectation expect(UUID claimId) {
        expected.add(claimId);
        return () -> expected.remove(claimId);
    }

    /** Open from before a claim until its runs are started. */
    public interface Expectation extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether a row that names this run and claim as ours is being worked on here. */
    public boolean knows(UUID run, UUID claimId) {
        var execution = active.get(run);
        return expected.contains(claimId)
                || execution != null && execution.claimId().equals(claimId);
    }

    public void start(Claim claim) {
        var execution = executions.of(claim);
        var earlier = active.put(claim.run(), execution);
        if (earlier != null) {
            LOG.log(Level.INFO, "run={0} came back to this node; its earlier execution stops", claim.run());
            earlier.lost("claimed again by this node");
        }
        Thread.ofVirtual().name("run-" + claim.run()).start(() -> runToItsEnd(execution));
    }

    public void cancelRequested(UUID run) {
        var execution = active.get(run);
        if (execution != null) {
            execution.cancelRequested();
        }
    }

    /** The row is another owner's now. */
    public void lost(UUID run, UUID claimId) {
        var execution = active.get(run);
        if (execution != null && execution.claimId().equals(claimId)) {
            execution.lost("the row names another owner");
        }
    }

    /** Gives every run back that is still here; each keeps what it has committed and goes on elsewhere. */
    public void handOver() {
        active.values().forEach(RunExecution::handOver);
    }

    /** Waits until no run is left here; says whether that came true in time. */
    public boolean awaitIdle(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (var execution : new ArrayList<>(active.values())) {
            if (!execution.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                return false;
            }
        }
        return active.isEmpty();
    }

    private void runToItsEnd(RunExecution execution) {
        stats.claims().increment();
        try {
            execution.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "run=" + execution.runId() + " broke off; the reconciler gives it back", e);
        } finally {
            active.remove(execution.runId(), execution);
            execution.ended();
            slotFree.forEach(Runnable::run);
        }
    }
}
