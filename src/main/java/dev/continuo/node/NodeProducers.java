package dev.continuo.node;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

@Dependent
class NodeProducers {
    @Produces
    @Singleton
    NodeId node(@ConfigProperty(name = "continuo.node-id") Optional<String> name) {
        return new NodeId(name.map(String::strip).orElseGet(NodeProducers::hostName), UUID.randomUUID());
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Stopwatch stopwatch() {
        return System::nanoTime;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }
}
