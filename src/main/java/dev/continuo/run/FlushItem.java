package dev.continuo.run;

import dev.continuo.log.Segment;

/** The next slice of a run's log. */
public record FlushItem(Fence fence, Segment segment) {
    public FlushItem {
        if (segment.epoch() != fence.epoch()) {
            throw new IllegalArgumentException("an owner writes under its own epoch: " + fence);
        }
    }
}
