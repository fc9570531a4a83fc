package dev.continuo.chat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes the end of a response a broken one: once armed, Liberty leaves out the last chunk when the response ends, closes
 * the connection, and the client's read fails instead of taking what it has for the whole. Only a chunked HTTP/1.1
 * response can be broken like that. It stands on public methods of Liberty's transport that applications cannot name,
 * so every step is looked up by name, and where one is missing nothing is cut. See docs/adr/0010-break-a-response-off.md.
 */
final class LibertyCut implements Cut {
    private static final Logger LOG = System.getLogger(LibertyCut.class.getName());
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final Object link;
    private boolean armed;

    private LibertyCut(Object link) {
        this.link = link;
    }

    /** @param request one in asynchronous mode; any proxy of it will do on the request's own thread */
    static Cut of(HttpServletRequest request) {
        if (!"HTTP/1.1".equals(request.getProtocol())) {
            return new LibertyCut(null);
        }
        try {
            Object inner = call(request.getAsyncContext().getRequest(), "getIRequest");
            return new LibertyCut(call(call(inner, "getHttpInboundConnection"), "getHttpDispatcherLink"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            warn(e);
            return new LibertyCut(null);
        }
    }

    @Override
    public boolean arm() {
        if (link != null && !armed) {
            try {
                link.getClass()
                        .getMethod("setSuppressZeroByteChunk", boolean.class)
                        .invoke(link, true);
                armed = true;
            } catch (ReflectiveOperationException | RuntimeException e) {
                warn(e);
            }
        }
        return armed;
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }

    private static void warn(Exception e) {
        if (WARNED.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, "this server's connections cannot be cut; clients are told by an error chunk", e);
        }
    }
}
