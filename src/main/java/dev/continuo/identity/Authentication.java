package dev.continuo.identity;

import dev.continuo.web.Problem;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Set;

/**
 * Every request below {@code /api} has a caller or ends here, before its path, its type or its body is looked at. An
 * address that fails too often is told to wait; a good key is never refused for its address. What begins with
 * {@code ck_} is a key and never looked at as a token, and the other way round.
 */
@Provider
@PreMatching
@Singleton
@Priority(Priorities.AUTHENTICATION)
public class Authentication implements ContainerRequestFilter {
    private static final Set<String> SECRET_NAMES =
            Set.of("access_token", "api_key", "apikey", "key", "token", "bearer", "authorization");

    @Inject
    private ApiKeys keys;

    @Inject
    private TokenCallers tokens;

    @Inject
    private Tickets tickets;

    @Inject
    private Throttles throttles;

    @Context
    private HttpServletRequest servlet;

    @Override
    public void filter(ContainerRequestContext request) {
        try {
            var caller = authenticate(request);
            request.setSecurityContext(new CallerContext(
                    caller, "https".equals(request.getUriInfo().getRequestUri().getScheme())));
        } catch (Problem refusal) {
            throw refusal.status() == 401 ? throttled(refusal) : refusal;
        }
    }

    private Caller authenticate(ContainerRequestContext request) {
        refuseSecretsIn(request.getUriInfo());
        var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            return bearer(header);
        }
        var ticket = request.getUriInfo().getQueryParameters().getFirst("ticket");
        if (ticket == null) {
            throw Refusals.missing();
        }
        return ticket(request, ticket);
    }

    private Caller bearer(String header) {
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw Refusals.missing();
        }
        var key = header.substring(7).strip();
        if (tokens.takes(key)) {
            return tokens.callerOf(key);
        }
        if (!key.startsWith(ApiKeys.PREFIX) || key.length() > 256) {
            throw Refusals.badKey();
        }
        return keys.callerOf(new Secret(key)).orElseThrow(Refusals::badKey);
    }

    private Caller ticket(ContainerRequestContext request, String ticket) {
        if (!request.getMethod().equals("GET") || !ticket.startsWith(Tickets.PREFIX) || ticket.length() > 256) {
            throw Refusals.badTicket();
        }
        var opening =
                request.getHeaderString("Last-Event-ID") == null ? Tickets.Opening.FRESH : Tickets.Opening.RECONNECT;
        var resource = "/api/" + request.getUriInfo().getPath().replaceFirst("^/", "");
        return tickets.use(new Secret(ticket), resource, opening).orElseThrow(Refusals::badTicket);
    }

    private static void refuseSecretsIn(UriInfo uri) {
        for (var parameter : uri.getQueryParameters().entrySet()) {
            if (SECRET_NAMES.contains(parameter.getKey().toLowerCase(java.util.Locale.ROOT))
                    || holdsKey(parameter.getValue())) {
                throw Refusals.inUrl();
            }
        }
    }

    private static boolean holdsKey(List<String> values) {
        return values.stream()
                .anyMatch(v -> v.startsWith(ApiKeys.PREFIX)
                        || TokenCallers.FORM.matcher(v).matches());
    }

    private Problem throttled(Problem refusal) {
        return throttles
                .failures()
                .take(servlet.getRemoteAddr())
                .map(wait -> Problem.of(
                                429,
                                "too_many_failures",
                                "Too many requests without a valid key came from this address. Check the key, then "
                                        + "wait as long as Retry-After says.")
                        .retryAfter(wait))
                .orElse(refusal);
    }
}
