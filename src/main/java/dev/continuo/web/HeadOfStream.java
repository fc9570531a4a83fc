package dev.continuo.web;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/** Refuses HEAD where GET would open a stream: JAX-RS would open it all the same, for nobody to read and without an end. */
@Provider
public class HeadOfStream implements ContainerRequestFilter {
    @Context
    private ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getMethod().equals("HEAD") && isStream()) {
            throw new NotAllowedException("GET");
        }
    }

    private boolean isStream() {
        var method = resource.getResourceMethod();
        var produces = method == null ? null : method.getAnnotation(Produces.class);
        return produces != null && List.of(produces.value()).contains(MediaType.SERVER_SENT_EVENTS);
    }
}
