package dev.continuo.run;

import dev.continuo.node.NodeId;
import dev.continuo.thread.Messages;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The steps of an owner, each call its own transaction, as the container's interceptor does it. */
public record Steps(
        Claims claims,
        Opens opens,
        Attempts attempts,
        Forks forks,
        Flushes flushes,
        Finishes finishes,
        Releases releases,
        BegunCalls begunCalls,
        Pauses pauses) {
    public static Steps on(Truth truth) {
        var tx = truth.tx;
        var jdbi = truth.jdbi;
        return new Steps(
                new Claims(jdbi) {
                    @Override
                    public Claimed claim(NodeId me, int free, UUID claimId) {
                        return tx.call(() -> super.claim(me, free, claimId));
                    }
                },
                new Opens(jdbi) {
                    @Override
                    public OpenResult open(Opening opening) {
                        return tx.call(() -> super.open(opening));
                    }
                },
                new Attempts(jdbi) {
                    @Override
                    public boolean begin(Fence fence, int step, String model) {
                        return tx.call(() -> super.begin(fence, step, model));
                    }

                    @Override
                    public boolean stepFinished(Fence fence, String usageJson, String soFarJson) {
                        return tx.call(() -> super.stepFinished(fence, usageJson, soFarJson));
                    }
                },
                new Forks(jdbi) {
                    @Override
                    public ForkResult fork(Fork fork) {
                        return tx.call(() -> super.fork(fork));
                    }
                },
                new Flushes(jdbi) {
                    @Override
                    public List<FlushOutcome> flush(List<FlushItem> items) {
                        return tx.call(() -> super.flush(items));
                    }
                },
                new Finishes(jdbi, new Endings(new Messages(jdbi))) {
                    @Override
                    public FinishResult finish(Fence fence, Outcome outcome) {
                        return tx.call(() -> super.finish(fence, outcome));
                    }
                },
                new Releases(jdbi) {
                    @Override
                    public boolean release(Fence fence, GiveBack why, Duration notBefore) {
                        return tx.call(() -> super.release(fence, why, notBefore));
                    }
                },
                new BegunCalls(jdbi) {
                    @Override
                    public boolean begin(Fence fence, List<String> callIds) {
                        return tx.call(() -> super.begin(fence, callIds));
                    }
                },
                new Pauses(jdbi) {
                    @Override
                    public PauseResult pause(Fence fence, List<Question> questions) {
                        return tx.call(() -> super.pause(fence, questions));
                    }
                });
    }

    /** A database that will never take a record above {@code idx}, as it refuses text that is none. */
    public Steps refusingAbove(int idx) {
        var mine = flushes;
        var picky = new Flushes(null) {
            @Override
            public List<FlushOutcome> flush(List<FlushItem> items) {
                if (items.stream().anyMatch(item -> item.segment().last() > idx)) {
                    throw new IllegalStateException(new SQLException("invalid text", "22021"));
                }
                return mine.flush(items);
            }
        };
        return new Steps(claims, opens, attempts, forks, picky, finishes, releases, begunCalls, pauses);
    }
}
