package dev.continuo.api;

import dev.continuo.node.NodeId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;

/** Says which node answered, for people who look. */
@Provider
@Singleton
public class NodeHeader implements ContainerResponseFilter {
    @Inject
    private NodeId me;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle("x-continuo-node", me.name());
    }
}
