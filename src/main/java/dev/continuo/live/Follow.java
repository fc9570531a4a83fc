package dev.continuo.live;

/** One subscription to a run; closing it twice is harmless. */
public interface Follow extends AutoCloseable {
    @Override
    void close();
}
