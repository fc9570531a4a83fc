package dev.continuo.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The calls of tools that were begun. A call stands here, on disk, before it is made; so who takes a run over knows which
 * calls were never begun and may be made, and which may have had their effect. A row and not a record of the log: clients
 * have nothing to do with it, and the one transaction is the fence as well.
 */
@ApplicationScoped
public class BegunCalls {
    private final Jdbi jdbi;

    @Inject
    public BegunCalls(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected BegunCalls() {
        this(null);
    }

    /** Whether the run is still the caller's, and the calls may be made. Of a call made before, it counts one time more. */
    @Transactional
    public boolean begin(Fence fence, List<String> callIds) {
        return jdbi.withHandle(h -> {
            boolean mine = h.createQuery("""
                            select 1 from runs where run_id = :run and epoch = :epoch and claim_id = :claimId
                              and state = 'RUNNING' for update""")
                    .bindMethods(fence)
                    .mapTo(int.class)
                    .findOne()
                    .isPresent();
            if (mine) {
                callIds.forEach(callId -> begin(h, fence, callId));
            }
            return mine;
        });
    }

    /** The same epoch again is the same begin again, whose commit got no answer. */
    private static void begin(Handle h, Fence fence, String callId) {
        h.createUpdate("""
                        insert into run_calls (run_id, call_id, epoch) values (:run, :call, :epoch)
                        on conflict (run_id, call_id) do update set epoch = excluded.epoch, at = excluded.at,
                          times = run_calls.times + case when run_calls.epoch = excluded.epoch then 0 else 1 end""")
                .bind("run", fence.run())
                .bind("call", callId)
                .bind("epoch", fence.epoch())
                .execute();
    }

    /** How often each call of a run was begun; those that never were are not in it. */
    public Map<String, Integer> of(UUID run) {
        return jdbi.withHandle(h -> h.createQuery("select call_id, times from run_calls where run_id = :run")
                .bind("run", run)
                .map((rs, _) -> Map.entry(rs.getString("call_id"), rs.getInt("times")))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
