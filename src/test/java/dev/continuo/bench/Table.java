package dev.continuo.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All that was measured, as Markdown: medians, and least and most where the rounds differ. */
final class Table {
    private final Map<String, List<Measured>> byScenario;

    Table(List<Measured> all) {
        byScenario = all.stream()
                .collect(Collectors.groupingBy(Measured::scenario, LinkedHashMap::new, Collectors.toList()));
    }

    List<String> scenarios() {
        return List.copyOf(byScenario.keySet());
    }

    Spread of(String scenario, String value) {
        return Spread.of(byScenario.getOrDefault(scenario, List.of()).stream()
                .mapToDouble(m -> m.value(value))
                .toArray());
    }

    /** One row per scenario that has the first of these columns. */
    String rows(String... columns) {
        var text = new StringBuilder("| |");
        for (var c : columns) {
            text.append(' ').append(c).append(" |");
        }
        text.append("\n|---|").append("---|".repeat(columns.length)).append('\n');
        for (var scenario : scenarios()) {
            if (byScenario.get(scenario).stream().anyMatch(m -> m.values().containsKey(columns[0]))) {
                var cells = new ArrayList<String>();
                for (var c : columns) {
                    cells.add(of(scenario, c).toString());
                }
                text.append("| ")
                        .append(scenario)
                        .append(" | ")
                        .append(String.join(" | ", cells))
                        .append(" |\n");
            }
        }
        return text.toString();
    }

    String all() {
        return rows("complete %", "missing", "doubled", "events/s", "p50 ms", "p99 ms", "whole p50 ms", "other cores")
                + "\nCPU microseconds per delivered event, and what load and provider took of one core\n\n"
                + rows("servers µs", "liberty µs", "nats µs", "postgresql µs", "provider %", "client %")
                + "\nMemory and idle streams\n\n"
                + rows("RSS growth MB")
                + "\n"
                + rows("kB each", "open at the end", "refused", "closed")
                + "\nSending a message\n\n"
                + rows(
                        "202 p50 ms",
                        "202 p99 ms",
                        "provider asked p50 ms",
                        "provider asked p99 ms",
                        "first word p50 ms",
                        "first word p99 ms",
                        "posts/s",
                        "posts/s to busy threads")
                + "\nThe owner is killed\n\n"
                + rows("marker p50 ms", "marker max ms", "word p50 ms", "word max ms")
                + "\nThe load client alone\n\n"
                + rows("bulk events/s", "client µs", "live p50 ms", "live p99 ms")
                + (scenarios().stream().anyMatch(s -> s.startsWith("G-")) ? growth() : "");
    }

    private String growth() {
        return "\nClaims out of a queue of that length\n\n"
                + rows(
                        "one: claims/s",
                        "one: p50 ms",
                        "one: p99 ms",
                        "one: statements",
                        "ten: claims/s",
                        "ten: p50 ms",
                        "ten: p99 ms",
                        "ten: statements")
                + "\nAttach to a run of that many words\n\n"
                + rows("first ms", "next ms", "records", "ended ms")
                + "\nWith few and with many finished runs\n\n"
                + rows("p50 ms with few", "p50 ms with many", "ratio", "finished")
                + "\nBytes per finished run\n\n"
                + rows(
                        "threads B",
                        "runs B",
                        "messages B",
                        "run_epochs B",
                        "run_attempts B",
                        "run_segments B",
                        "run_segments after the janitor B",
                        "stays per run B",
                        "a day at 1 run/s GB",
                        "segments then MB")
                + "\n"
                + rows("search B per answer", "search size ×", "search insert ×")
                + "\nRuns that wait for their provider\n\n"
                + rows("heap kB per run");
    }
}
