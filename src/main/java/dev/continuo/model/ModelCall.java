package dev.continuo.model;

/** A call under way, as the one who may end it sees it. */
public final class ModelCall {
    private static final System.Logger LOG = System.getLogger(ModelCall.class.getName());

    private AutoCloseable connection = () -> {};
    private boolean aborted;

    /** Ends the call from any thread: the provider's connection is closed at once, now or as soon as it opens. */
    public void abort() {
        AutoCloseable open;
        synchronized (this) {
            aborted = true;
            open = connection;
            connection = () -> {};
        }
        close(open);
    }

    public synchronized boolean aborted() {
        return aborted;
    }

    /** For adapters: what {@link #abort()} closes; closed at once where the call was aborted before it opened. */
    public void opened(AutoCloseable closer) {
        synchronized (this) {
            if (!aborted) {
                connection = closer;
                return;
            }
        }
        close(closer);
    }

    private static void close(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "a provider connection that was to be dropped failed first", e);
        }
    }
}
