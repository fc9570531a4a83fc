package dev.continuo.web;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;

/** Takes away the header in which the server's metrics pass an exception along: it would name our classes. */
@Provider
@Priority(Integer.MIN_VALUE)
public class ResponseHeaders implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().keySet().removeIf(name -> name.startsWith("io.openliberty"));
    }
}
