package dev.continuo.bench;

/** How long things took, in buckets a sixty-fourth apart: a percentile is off by at most 1.6 %. One thread at a time. */
final class Latencies {
    private static final int SUB_BITS = 6;
    private static final int SUB = 1 << SUB_BITS;

    private final long[] buckets = new long[SUB * (64 - SUB_BITS)];
    private long count;

    void add(long nanos) {
        buckets[bucket(Math.max(nanos, 0))]++;
        count++;
    }

    void add(Latencies more) {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += more.buckets[i];
        }
        count += more.count;
    }

    long count() {
        return count;
    }

    /** Milliseconds; NaN where nothing was measured. */
    double percentile(double p) {
        long rank = Math.max(1, (long) Math.ceil(count * p / 100));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (count > 0 && seen >= rank) {
                return middle(i) / 1e6;
            }
        }
        return Double.NaN;
    }

    private static int bucket(long nanos) {
        int shift = Math.max(0, 64 - Long.numberOfLeadingZeros(nanos) - SUB_BITS - 1);
        return shift * SUB + (int) (nanos >>> shift);
    }

    private static double middle(int bucket) {
        int shift = bucket < 2 * SUB ? 0 : bucket / SUB - 1;
        long low = (long) (bucket - shift * SUB) << shift;
        return low + ((1L << shift) - 1) / 2.0;
    }
}
