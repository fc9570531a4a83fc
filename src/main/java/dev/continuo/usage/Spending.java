package dev.continuo.usage;

import dev.continuo.thread.Page;
import dev.continuo.thread.TimeCursor;
import dev.continuo.thread.Viewer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

    public Spent ofRun(UUID run) {
        return sum(rows.ofRun(run));
    }

    /** What so many tokens of a model cost; empty where it has no price. */
    public Optional<BigDecimal> cost(String model, long input, long output, long cached) {
        return prices.of(model, new Tokens(0, 1, 0, input, output, 0, cached));
    }

    public Page<ThreadUsage> byThread(Viewer viewer, Optional<TimeCursor> after, int limit) {
        return rows.byThread(viewer, after, limit);
    }

    public Spent ofThread(UUID thread) {
        return sum(rows.ofThread(thread));
    }
}
