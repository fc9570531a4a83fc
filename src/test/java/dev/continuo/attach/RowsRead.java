package dev.continuo.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.continuo.run.Truth;
import java.util.Map;
import java.util.stream.Collectors;

/** Bounds the rows that a step reads, as PostgreSQL counts them while it runs. */
final class RowsRead {
    /** So often that the statements are prepared, and their plans made for any value. */
    private static final int TIMES = 12;

    private RowsRead() {}

    /** @param atMost of each table */
    static void atMost(long atMost, Truth truth, String what, Runnable step) {
        for (int i = 1; i <= TIMES; i++) {
            int time = i;
            truth.tx.run(() -> {
                var before = soFar(truth);
                step.run();
                var rows = soFar(truth);
                before.forEach((table, n) -> rows.merge(table, -n, Long::sum));
                assertThat(rows.values())
                        .as(what + ", time " + time + ", rows read: " + rows)
                        .allMatch(n -> n <= atMost);
            });
        }
    }

    /** Rows that this session has read, by table, in its open transaction. */
    private static Map<String, Long> soFar(Truth truth) {
        return truth.jdbi.withHandle(h -> h.createQuery("""
                        select relname, seq_tup_read + coalesce(idx_tup_fetch, 0) as n from pg_stat_xact_user_tables
                        where relname in ('threads', 'runs', 'messages', 'run_segments', 'run_epochs', 'run_attempts')""")
                .map((rs, _) -> Map.entry(rs.getString("relname"), rs.getLong("n")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
