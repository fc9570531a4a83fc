package dev.continuo.live;

import dev.continuo.testkit.MemoryLiveLog;

class MemoryLiveLogTest implements LiveLogContract {
    private final LiveLog live = new MemoryLiveLog();

    @Override
    public LiveLog live() {
        return live;
    }
}
