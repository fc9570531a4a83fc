package dev.continuo.web;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.continuo.sql.Outages;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** The edge where everything else is caught: the caller gets an id to ask with, the log gets the rest. */
@Provider
@Singleton
public class AnyMapper implements ExceptionMapper<Throwable> {
    private static final System.Logger LOG = System.getLogger(AnyMapper.class.getName());

    @Inject
    private ProblemMapper problems;

    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem own) {
                return problems.toResponse(own);
            }
        }
        var id = RequestId.of(request);
        if (Outages.isOne(e)) {
            LOG.log(WARNING, "request {0} found no database and was asked to come back: {1}", id, e.toString());
            return isEventSource() ? comeBack() : problems.toResponse(Problem.unavailable());
        }
        LOG.log(ERROR, "request " + id + " failed and was answered 500", e);
        return problems.toResponse(Problem.of(
                500,
                "internal",
                "Something went wrong here, and it was logged as request " + id
                        + ". Retry once with the same key; if it stays, report that id."));
    }

    private boolean isEventSource() {
        var path = request.getRequestURI();
        return request.getMethod().equals("GET") && (path.endsWith("/attach") || path.endsWith("/api/events"));
    }

    /** An {@code EventSource} gives up for ever after a 503; after the end of a stream it comes back with its cursor. */
    private static Response comeBack() {
        long afterMillis = ThreadLocalRandom.current().nextLong(1_000, 3_000);
        var frames = "retry: 1500\n\nevent: reconnect\ndata: {\"afterMs\":" + afterMillis + "}\n\n";
        return Response.ok(frames.getBytes(StandardCharsets.UTF_8), MediaType.SERVER_SENT_EVENTS_TYPE)
                .build();
    }
}
