package dev.continuo.bench;

import java.util.Arrays;
import java.util.Locale;

/** The same figure from several rounds. */
record Spread(double median, double least, double most) {
    static Spread of(double[] values) {
        double[] sorted =
                Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        int n = sorted.length;
        return n == 0
                ? new Spread(Double.NaN, Double.NaN, Double.NaN)
                : new Spread((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]);
    }

    @Override
    public String toString() {
        if (Double.isNaN(median)) {
            return "–";
        }
        return least == most ? number(median) : number(median) + " (" + number(least) + "–" + number(most) + ")";
    }

    static String number(double x) {
        double size = Math.abs(x);
        if (size >= 1_000_000) {
            return String.format(Locale.ROOT, "%.1f M", x / 1e6);
        }
        if (size >= 100 || x == Math.rint(x)) {
            return String.format(Locale.ROOT, "%,.0f", x);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.995 ? "%.2f" : "%.3f", x);
    }
}
