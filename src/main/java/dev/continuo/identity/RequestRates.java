package dev.continuo.identity;

import dev.continuo.web.Problem;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;

/** How many requests one user and one organisation may send to this node. */
@Provider
@PreMatching
@Singleton
@Priority(Priorities.AUTHENTICATION + 10)
public class RequestRates implements ContainerRequestFilter {
    @Inject
    private Throttles throttles;

    @Override
    public void filter(ContainerRequestContext request) {
        var caller = Caller.of(request.getSecurityContext());
        throttles.users().take(caller.org() + " " + caller.subject()).ifPresent(RequestRates::refuse);
        throttles.organisations().take(caller.org().toString()).ifPresent(RequestRates::refuse);
    }

    private static void refuse(Duration wait) {
        throw Problem.of(
                        429,
                        "too_many_requests",
                        "Too many requests at once. Send them more slowly, after as long as Retry-After says.")
                .retryAfter(wait);
    }
}
