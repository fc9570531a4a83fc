package dev.continuo.attach;

/** Whether a watcher also sees what is published but not yet committed. */
public enum Visibility {
    LIVE,
    COMMITTED
}
