package dev.continuo.watch;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What PostgreSQL has to say about whole organisations. */
interface RecentThreads {
    /** All threads with an unfinished run, and those that changed in the last minutes, oldest change first. */
    List<ThreadStatus> of(Collection<UUID> organisations);
}
