package dev.continuo.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Delays over time as an SVG, with every fault drawn in: what a chunk took from the provider to a watcher. */
final class DelayPlot {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 520;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 84;
    private static final int BOTTOM = 50;
    private static final long FASTEST = 1;
    private static final long SLOWEST = 100_000;
    private static final Map<FaultKind.Family, String> COLOURS = new EnumMap<>(Map.of(
            FaultKind.Family.NODE, "#d1495b",
            FaultKind.Family.BROKER, "#edae49",
            FaultKind.Family.DATABASE, "#7b4fa3",
            FaultKind.Family.NETWORK, "#00798c",
            FaultKind.Family.PROVIDER, "#7a8b3c"));

    private final StringBuilder svg = new StringBuilder();
    private final long from;
    private final long until;

    private DelayPlot(long from, long until) {
        this.from = from;
        this.until = Math.max(until, from + 1);
    }

    /** @param from milliseconds of the wall clock, as all moments here */
    static String of(String title, List<Delay> delays, List<Injected> faults, long from, long until) {
        return new DelayPlot(from, until).draw(title, delays, faults);
    }

    private String draw(String title, List<Delay> delays, List<Injected> faults) {
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        line("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        line("<text x=\"%d\" y=\"24\" font-size=\"16\" fill=\"#222\">%s</text>", LEFT, escaped(title));
        faults(faults);
        axes();
        delays(delays);
        legend();
        return svg.append("</svg>\n").toString();
    }

    private void faults(List<Injected> faults) {
        for (var fault : faults) {
            double x = x(fault.from());
            double width = Math.max(1.2, x(fault.until()) - x);
            line(
                    "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" fill-opacity=\"0.16\"><title>%s %s, %.1f s</title></rect>",
                    x,
                    TOP,
                    width,
                    HEIGHT - TOP - BOTTOM,
                    COLOURS.get(fault.kind().family),
                    fault.kind().shown(),
                    fault.target(),
                    (fault.until() - fault.from()) / 1000.0);
            line(
                    "<rect x=\"%.1f\" y=\"%d\" width=\"1.2\" height=\"8\" fill=\"%s\"/>",
                    x, TOP - 9, COLOURS.get(fault.kind().family));
        }
    }

    private void axes() {
        for (long millis = FASTEST; millis <= SLOWEST; millis *= 10) {
            line(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ccc\"/>",
                    LEFT, WIDTH - RIGHT, y(millis), y(millis));
            line(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#444\">%s</text>",
                    LEFT - 8, y(millis) + 4, millis < 1000 ? millis + " ms" : millis / 1000 + " s");
        }
        double minutes = (until - from) / 60_000.0;
        int step = minutes <= 15 ? 1 : minutes <= 40 ? 5 : 10;
        for (int minute = 0; minute <= minutes; minute += step) {
            double x = x(from + minute * 60_000L);
            line(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#999\"/>",
                    x, x, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 5);
            line(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#444\">%d</text>",
                    x, HEIGHT - BOTTOM + 19, minute);
        }
        line(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#444\">minutes since the start</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10);
        line(
                "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\" fill=\"#444\">delay, provider to watcher</text>",
                (TOP + HEIGHT - BOTTOM) / 2);
    }

    private void delays(List<Delay> delays) {
        long bucket = Math.max(1_000, (until - from) / 500);
        var buckets = new TreeMap<Long, List<Long>>();
        delays.forEach(delay -> buckets.computeIfAbsent((delay.at() - from) / bucket, _ -> new ArrayList<>())
                .add(delay.millis()));
        buckets.values().forEach(java.util.Collections::sort);
        curve(buckets, bucket, 1.0, "#c8c8c8");
        curve(buckets, bucket, 0.99, "#6d8fc7");
        curve(buckets, bucket, 0.5, "#12366e");
    }

    private void curve(TreeMap<Long, List<Long>> buckets, long bucket, double share, String colour) {
        var points = new StringBuilder();
        buckets.forEach((number, millis) -> points.append(String.format(
                Locale.ROOT, "%.1f,%.1f ", x(from + number * bucket + bucket / 2), y(Quantiles.of(millis, share)))));
        line(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>",
                points.toString().strip(), colour);
    }

    private void legend() {
        double x = LEFT;
        for (var entry : Map.of("p50", "#12366e", "p99", "#6d8fc7", "longest", "#c8c8c8").entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        java.util.Comparator.comparing(String::length).thenComparing(String::toString)))
                .toList()) {
            line(
                    "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"48\" y2=\"48\" stroke=\"%s\" stroke-width=\"3\"/>",
                    x, x + 22, entry.getValue());
            line("<text x=\"%.0f\" y=\"52\" fill=\"#222\">%s</text>", x + 28, entry.getKey());
            x += 90;
        }
        line("<text x=\"%.0f\" y=\"52\" fill=\"#222\">faults:</text>", x + 10);
        x += 60;
        for (var family : FaultKind.Family.values()) {
            line(
                    "<rect x=\"%.0f\" y=\"42\" width=\"12\" height=\"12\" fill=\"%s\" fill-opacity=\"0.6\"/>",
                    x, COLOURS.get(family));
            line(
                    "<text x=\"%.0f\" y=\"52\" fill=\"#222\">%s</text>",
                    x + 17, family.name().toLowerCase(Locale.ROOT));
            x += 92;
        }
    }

    private double x(long moment) {
        double share = (double) (Math.clamp(moment, from, until) - from) / (until - from);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(long millis) {
        double share = Math.log10((double) Math.clamp(millis, FASTEST, SLOWEST) / FASTEST)
                / Math.log10((double) SLOWEST / FASTEST);
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private void line(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
