package dev.continuo.tool;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** A transport that knows which call went out under which id, so that one given up can be taken back. */
final class Outgoing implements McpClientTransport {
    private final McpClientTransport transport;
    private final Map<CallToolRequest, Object> ids = Collections.synchronizedMap(new IdentityHashMap<>());

    Outgoing(McpClientTransport transport) {
        this.transport = transport;
    }

    /** Where it was not answered, the server is told that nobody waits; it may ignore that. */
    void over(CallToolRequest call, boolean answered) {
        var id = ids.remove(call);
        if (id != null && !answered) {
            transport
                    .sendMessage(new JSONRPCNotification(
                            "notifications/cancelled", Map.of("requestId", id, "reason", "given up")))
                    .subscribe(_ -> {}, _ -> {});
        }
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        if (message instanceof JSONRPCRequest request && request.params() instanceof CallToolRequest call) {
            ids.put(call, request.id());
        }
        return transport.sendMessage(message);
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return transport.connect(handler);
    }

    @Override
    public void setExceptionHandler(Consumer<Throwable> handler) {
        transport.setExceptionHandler(handler);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return transport.closeGracefully();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return transport.unmarshalFrom(data, type);
    }

    @Override
    public List<String> protocolVersions() {
        return transport.protocolVersions();
    }
}
