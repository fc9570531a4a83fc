package dev.continuo.web;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;

/** Ends a body that is too large as soon as that is known: by its announced length, else at the byte too many. */
@Provider
@Singleton
@Priority(Priorities.ENTITY_CODER)
public class BodyLimit implements ContainerRequestFilter {
    @Inject
    private Limits limits;

    @Context
    private ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        int max = max();
        if (request.getLength() > max) {
            throw BoundedStream.tooLarge(max);
        }
        if (request.hasEntity()) {
            request.setEntityStream(new BoundedStream(request.getEntityStream(), max));
        }
    }

    private int max() {
        var method = resource.getResourceMethod();
        var size = method == null ? null : method.getAnnotation(MaxBody.class);
        if (size == null && resource.getResourceClass() != null) {
            size = resource.getResourceClass().getAnnotation(MaxBody.class);
        }
        return switch (size == null ? MaxBody.Size.MESSAGE : size.value()) {
            case MESSAGE -> limits.bodyBytes();
            case HISTORY -> limits.chatBodyBytes();
            case FILE -> limits.fileBytes();
        };
    }
}
