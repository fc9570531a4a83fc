package dev.continuo.web;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** What JAX-RS itself refuses (no such path, method, media type), said as a problem. */
@Provider
@Singleton
public class FrameworkMapper implements ExceptionMapper<WebApplicationException> {
    @Inject
    private ProblemMapper problems;

    @Inject
    private AnyMapper any;

    @Override
    public Response toResponse(WebApplicationException e) {
        var given = e.getResponse();
        if (given.getStatus() < 400 || given.hasEntity()) {
            return given;
        }
        if (e.getCause() instanceof Problem own) {
            return problems.toResponse(own);
        }
        int status = given.getStatus();
        var response = status >= 500 ? any.toResponse(e) : problems.toResponse(refusal(status));
        var allow = given.getHeaderString(HttpHeaders.ALLOW);
        return allow == null
                ? response
                : Response.fromResponse(response)
                        .header(HttpHeaders.ALLOW, allow)
                        .build();
    }

    static Problem refusal(int status) {
        return switch (status) {
            case 400 -> Problem.of(400, "bad_request", "The request cannot be read. Compare it with /openapi/ui.");
            case 404 -> Problem.of(404, "not_found", "There is nothing at this path. Compare it with /openapi/ui.");
            case 405 ->
                Problem.of(405, "method_not_allowed", "This path has other methods; the header Allow names them.");
            case 406 ->
                Problem.of(
                        406, "not_acceptable", "This path cannot answer in that form. Accept application/json or */*.");
            case 415 ->
                Problem.of(
                        415,
                        "unsupported_media_type",
                        "Send the body as JSON with the header Content-Type: application/json.");
            default -> Problem.of(status, "refused", "The request was refused. Compare it with /openapi/ui.");
        };
    }
}
