package dev.continuo.web;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The first thing that every request meets, pages and API alike: an id, the headers that keep a browser careful, the
 * name it called us by, and the page it comes from.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class Gate implements Filter {
    @Inject
    private HostRules rules;

    @Inject
    private Json json;

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        var request = (HttpServletRequest) servletRequest;
        var response = (HttpServletResponse) servletResponse;
        boolean api = isApi(request);
        response.setHeader(RequestId.HEADER, RequestId.of(request));
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (api) {
            response.setHeader("Cache-Control", "no-store");
        }
        var host = request.getHeader("Host");
        if (!rules.answersTo(host)) {
            refuse(
                    response,
                    Problem.of(
                            421,
                            "unknown_host",
                            "This server does not answer to that name. Add it to continuo.allowed-hosts if it should."));
        } else if (api && !rules.mayCall(request.getHeader("Origin"), host)) {
            refuse(
                    response,
                    Problem.of(
                            403,
                            "foreign_origin",
                            "Pages of another origin may not call this API. Add theirs to continuo.allowed-origins "
                                    + "if they should."));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isApi(HttpServletRequest request) {
        var path = request.getRequestURI().substring(request.getContextPath().length());
        return path.equals("/api") || path.startsWith("/api/");
    }

    private void refuse(HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.status());
        response.setContentType(ProblemMapper.TYPE);
        response.getOutputStream().write(json.write(problem.members()));
    }
}
