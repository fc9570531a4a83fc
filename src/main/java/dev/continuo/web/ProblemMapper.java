package dev.continuo.web;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** A problem as RFC 9457 writes it. */
@Provider
@Singleton
public class ProblemMapper implements ExceptionMapper<Problem> {
    static final String TYPE = "application/problem+json";

    @Inject
    private Json json;

    @Override
    public Response toResponse(Problem problem) {
        var response = Response.status(problem.status()).type(TYPE).entity(json.write(problem.members()));
        problem.retryAfterSeconds().ifPresent(s -> response.header(HttpHeaders.RETRY_AFTER, s));
        if (problem.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"continuo\"");
        }
        return response.build();
    }
}
