package dev.continuo.usage;

import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Rows of usage, and sums of them with their price. */
@Singleton
public class Spending {
    private final UsageRows rows;
    private final Prices prices;

    @Inject
    public Spending(UsageRows rows, Prices prices) {
        this.rows = rows;
        this.prices = prices;
    }

    public List<UsageRow> rows(Viewer viewer, LocalDate from, LocalDate to) {
        return rows.of(viewer, from, to);
    }

    public Spent sum(Collection<UsageRow> some) {
        return Spent.of(some, prices);
    }

    public Spent ofThread(UUID thread) {
        return sum(rows.ofThread(thread));
    }
}
