package dev.continuo.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MappersTest {
    @Test
    void threads_that_read_once_and_then_wait_keep_no_buffers_of_their_own() throws Exception {
        RecyclerPool<BufferRecycler> pool = Mappers.plain().getFactory()._getRecyclerPool();
        int before = pool.pooledCount();
        var over = new CountDownLatch(1);
        var waiting = new ArrayList<Thread>();
        for (int i = 0; i < 50; i++) {
            var read = new CountDownLatch(1);
            waiting.add(Thread.startVirtualThread(() -> {
                try {
                    Mappers.plain().readTree("{\"text\":\"a word\"}");
                    read.countDown();
                    over.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
            read.await();
        }
        assertThat(pool.pooledCount()).isPositive().isLessThan(before + 50);
        over.countDown();
        for (var thread : waiting) {
            thread.join();
        }
    }
}
