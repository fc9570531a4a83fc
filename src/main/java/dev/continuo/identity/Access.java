package dev.continuo.identity;

import dev.continuo.web.Problem;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;

/** Whether the caller's scopes and role allow what this request asks for. */
@Provider
@Singleton
@Priority(Priorities.AUTHORIZATION)
public class Access implements ContainerRequestFilter {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    @Context
    private ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        var caller = Caller.of(request.getSecurityContext());
        var needed = needed();
        if (!caller.has(needed)) {
            throw Problem.of(
                    403,
                    "missing_scope",
                    "This needs a key with the scope '" + needed.apiName() + "'. Use such a key.");
        }
        if (caller.role() == Role.VIEWER && !READING.contains(request.getMethod())) {
            throw Problem.of(403, "read_only", "The role viewer changes nothing. Use a key with the role member.");
        }
    }

    private Scope needed() {
        var method = resource.getResourceMethod();
        var needs = method == null ? null : method.getAnnotation(Needs.class);
        if (needs == null && resource.getResourceClass() != null) {
            needs = resource.getResourceClass().getAnnotation(Needs.class);
        }
        return needs == null ? Scope.CHAT : needs.value();
    }
}
