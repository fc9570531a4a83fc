package dev.continuo.web;

import jakarta.inject.Inject;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What the server itself refuses before JAX-RS sees it, such as a path with an encoded slash, said as a problem; its own
 * page would name its classes. */
@WebServlet("/error-page")
public class ErrorPage extends HttpServlet {
    @Inject
    private transient Json json;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var problem = problem(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        Gate.markAnswer(request, response);
        response.setStatus(problem.status());
        response.setContentType(ProblemMapper.TYPE);
        response.getOutputStream().write(json.write(problem.members()));
    }

    private static Problem problem(Object status) {
        if (!(status instanceof Integer code) || code == 404) {
            return Problem.of(404, "not_found", "There is nothing at this path. Compare it with /openapi/ui.");
        }
        return code < 500 && code >= 400
                ? Problem.of(code, "bad_id", "The path holds characters that no id has. " + Ids.FORM_OF_AN_ID)
                : Problem.of(500, "internal", "Something went wrong here, and it was logged. Retry once.");
    }
}
