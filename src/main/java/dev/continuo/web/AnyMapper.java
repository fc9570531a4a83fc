package dev.continuo.web;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

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
            LOG.log(WARNING, "request {0} found no database and was answered 503: {1}", id, e.toString());
            return problems.toResponse(Problem.unavailable());
        }
        LOG.log(ERROR, "request " + id + " failed and was answered 500", e);
        return problems.toResponse(Problem.of(
                500,
                "internal",
                "Something went wrong here, and it was logged as request " + id
                        + ". Retry once with the same key; if it stays, report that id."));
    }
}
