package dev.continuo.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a batch would write, for tests of feeds in other packages. */
public final class Batches {
    private Batches() {}

    /** Empties the batch. */
    public static String text(Batch batch) {
        var out = new ByteArrayOutputStream();
        try {
            batch.writeTo(new ByteSink() {
                @Override
                public void write(byte[] bytes, int from, int to) {
                    out.write(bytes, from, to - from);
                }

                @Override
                public void close() {}
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(UTF_8);
    }
}
