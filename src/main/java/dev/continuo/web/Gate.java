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
import java.util.Optional;

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
        if (api) {
            markAnswer(request, response);
        } else {
            mark(request, response);
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
            var mistake = api ? Spelling.mistake(request) : Optional.<Problem>empty();
            if (mistake.isPresent()) {
                refuse(response, mistake.get());
            } else {
                chain.doFilter(request, response);
            }
        }
    }

    /** Of an answer that is made for its sender, whoever makes it. */
    static void markAnswer(HttpServletRequest request, HttpServletResponse response) {
        mark(request, response);
        response.setHeader("Cache-Control", "no-store");
    }

    private static void mark(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(RequestId.HEADER, RequestId.of(request));
        response.setHeader("X-Content-Type-Options", "nosniff");
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
