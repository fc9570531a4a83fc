package dev.continuo.execution;

import dev.continuo.live.LiveLog;
import dev.continuo.live.LiveUnavailable;
import dev.continuo.log.Adoption;
import dev.continuo.log.OpenFold;
import dev.continuo.log.RunSnapshot;
import dev.continuo.run.Claim;
import dev.continuo.run.OpenResult;
import dev.continuo.run.Opening;
import dev.continuo.run.Opens;
import dev.continuo.run.Snapshots;
import dev.continuo.run.Voided;

/**
 * The first step of every claim: finds out what the predecessor had shown, stores it, and makes the epoch exist. So what
 * is on the screen stays on the screen.
 */
final class Opener {
    private final Snapshots snapshots;
    private final LiveLog live;
    private final Opens opens;
    private final Persistence persistence;

    Opener(Snapshots snapshots, LiveLog live, Opens opens, Persistence persistence) {
        this.snapshots = snapshots;
        this.live = live;
        this.opens = opens;
        this.persistence = persistence;
    }

    /** @throws Stop where the run is somebody else's by now */
    Opened open(Claim claim, String node) throws InterruptedException {
        if (!claim.opened()) {
            return write(Opening.first(claim.fence(), node), 0);
        }
        var snapshot = persistence.untilAnswered("reading the log", () -> snapshots
                .read(claim.run(), claim.committedIdx() - 1)
                .orElseThrow(() -> new Stop(Stop.Cause.LOST, "the run is deleted")));
        var adoption = fold(claim, snapshot);
        var opening = new Opening(
                claim.fence(),
                node,
                snapshot.committedIdx(),
                adoption.records(),
                adoption.jsSeq(),
                adoption.voidedUnknown() ? new Voided.Unknown() : Voided.of(adoption.voided(), adoption.base()),
                "takeover");
        return write(opening, adoption.lastSeq());
    }

    private Adoption fold(Claim claim, RunSnapshot snapshot) {
        if (!live.healthy()) {
            return OpenFold.withoutBus(snapshot);
        }
        try {
            long after = snapshot.segments().isEmpty()
                    ? 0
                    : snapshot.segments().getLast().jsSeq().orElse(0);
            return OpenFold.fold(snapshot, live.replay(claim.thread(), claim.run(), after));
        } catch (LiveUnavailable e) {
            return OpenFold.withoutBus(snapshot);
        }
    }

    private Opened write(Opening opening, long markerExpects) throws InterruptedException {
        return switch (persistence.untilAnswered("opening the epoch", () -> opens.open(opening))) {
            case OpenResult.Opened(int base, boolean cancel) -> new Opened(base, markerExpects, cancel);
            case OpenResult.Lost() -> throw new Stop(Stop.Cause.LOST, "lost before it was opened");
        };
    }
}
