package dev.continuo.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Horizontal bars as SVG, readable on light and dark ground. */
final class Plots {
    private static final List<String> COLOURS = List.of("#3b82f6", "#10b981", "#f59e0b");
    private static final int LEFT = 90;
    private static final int WIDTH = 640;
    private static final int ROW = 26;
    private static final int TOP = 58;

    private Plots() {}

    static void draw(Table table, Path folder) {
        try {
            Files.createDirectories(folder);
            var loads = table.scenarios().stream()
                    .filter(s -> !Double.isNaN(table.of(s, "servers µs").median()) && !s.startsWith("S4"))
                    .toList();
            Files.writeString(
                    folder.resolve("cpu.svg"),
                    bars(
                            "CPU per delivered event, µs (median of the rounds)",
                            loads,
                            List.of("liberty", "nats", "postgresql"),
                            s -> table.of(s, "liberty µs").median(),
                            s -> table.of(s, "nats µs").median(),
                            s -> table.of(s, "postgresql µs").median()));
            Files.writeString(
                    folder.resolve("latency.svg"),
                    bars(
                            "Provider to watcher, ms: median, and on to the 99th percentile",
                            loads.stream()
                                    .filter(s -> !s.equals("S3") && !s.equals("S1b"))
                                    .toList(),
                            List.of("p50", "p99"),
                            s -> table.of(s, "p50 ms").median(),
                            s -> table.of(s, "p99 ms").median()
                                    - table.of(s, "p50 ms").median()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SafeVarargs
    private static String bars(
            String title, List<String> rows, List<String> series, ToDoubleFunction<String>... values) {
        double most = rows.stream().mapToDouble(r -> sum(r, values)).max().orElse(1);
        int height = TOP + rows.size() * ROW + 12;
        var svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + (LEFT + WIDTH + 90) + " " + height
                        + "\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n"
                        + "<style>text{fill:#1f2937}@media(prefers-color-scheme:dark){text{fill:#e5e7eb}}</style>\n"
                        + "<text x=\"8\" y=\"20\" font-weight=\"600\">" + title + "</text>\n");
        for (int i = 0; i < series.size(); i++) {
            svg.append(rect(LEFT + i * 110, 32, 12, COLOURS.get(i)));
            svg.append(text(LEFT + i * 110 + 17, 43, series.get(i)));
        }
        for (int r = 0; r < rows.size(); r++) {
            int y = TOP + r * ROW;
            svg.append(text(8, y + 14, rows.get(r)));
            double x = LEFT;
            for (int i = 0; i < values.length; i++) {
                double width = WIDTH * Math.max(0, values[i].applyAsDouble(rows.get(r))) / most;
                svg.append(rect(x, y, width, COLOURS.get(i)));
                x += width;
            }
            svg.append(text(x + 6, y + 14, Spread.number(sum(rows.get(r), values))));
        }
        return svg.append("</svg>\n").toString();
    }

    @SafeVarargs
    private static double sum(String row, ToDoubleFunction<String>... values) {
        double sum = 0;
        for (var v : values) {
            sum += Math.max(0, v.applyAsDouble(row));
        }
        return sum;
    }

    private static String rect(double x, double y, double width, String colour) {
        return String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                width == 12 ? 12 : 18,
                colour);
    }

    private static String text(double x, double y, String text) {
        return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>%n", x, y, text);
    }
}
