package dev.continuo.attach;

import dev.continuo.run.ThreadProgress;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** What a thread's followers ask PostgreSQL. */
interface StoredThreads {
    /** The newest runs; none where the thread is gone. */
    ThreadRuns read(UUID thread);

    /** What changes whenever {@link #read} would show something else, for all these threads in one query. */
    Map<UUID, ThreadProgress> marks(Collection<UUID> threads);
}
