package dev.continuo.bench;

import java.util.Map;

/**
 * One scenario, measured once.
 *
 * @param values by name, as {@link Table} shows them; NaN where there is none
 */
record Measured(String scenario, int round, Map<String, Double> values) {
    double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    /** True where a watcher lost an event, got one twice, or did not get to its end. */
    boolean wrong() {
        return value("missing") + value("doubled") > 0 || value("complete %") < 100;
    }
}
