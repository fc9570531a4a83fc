package dev.continuo.tool;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How long we wait for MCP servers, and how much we take from them; reasons are in microprofile-config.properties. */
@Singleton
class McpSettings {
    static final int LEAST_OUTPUT = 4_096;

    private final Duration openTimeout;
    private final Duration callTimeout;
    private final int responseBytes;
    private final int outputBytes;
    private final int mostOutput;
    private final int processes;

    @Inject
    McpSettings(
            @ConfigProperty(name = "continuo.mcp.open-timeout") Duration openTimeout,
            @ConfigProperty(name = "continuo.mcp.call-timeout") Duration callTimeout,
            @ConfigProperty(name = "continuo.mcp.response-bytes") int responseBytes,
            @ConfigProperty(name = "continuo.mcp.output-bytes") int outputBytes,
            @ConfigProperty(name = "continuo.mcp.processes") int processes,
            @ConfigProperty(name = "continuo.limits.event-bytes") int eventBytes) {
        if (!openTimeout.isPositive() || !callTimeout.isPositive()) {
            throw new IllegalArgumentException("the timeouts of continuo.mcp are durations such as PT10S");
        }
        if (outputBytes < LEAST_OUTPUT || outputBytes > most(eventBytes) || responseBytes < outputBytes) {
            throw new IllegalArgumentException("continuo.mcp.output-bytes is at least " + LEAST_OUTPUT
                    + ", at most three quarters of continuo.limits.event-bytes and not more than "
                    + "continuo.mcp.response-bytes");
        }
        if (processes < 0) {
            throw new IllegalArgumentException("continuo.mcp.processes is 0 or more");
        }
        this.openTimeout = openTimeout;
        this.callTimeout = callTimeout;
        this.responseBytes = responseBytes;
        this.outputBytes = outputBytes;
        this.processes = processes;
        this.mostOutput = most(eventBytes);
    }

    private static int most(int eventBytes) {
        return eventBytes / 4 * 3;
    }

    static McpSettings defaults() {
        return new McpSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(60), 8 * 1024 * 1024, 64 * 1024, 64, 256 * 1024);
    }

    Duration openTimeout() {
        return openTimeout;
    }

    Duration callTimeout() {
        return callTimeout;
    }

    int responseBytes() {
        return responseBytes;
    }

    int outputBytes() {
        return outputBytes;
    }

    /** What an organisation may ask for at most. */
    int mostOutput() {
        return mostOutput;
    }

    int processes() {
        return processes;
    }
}
