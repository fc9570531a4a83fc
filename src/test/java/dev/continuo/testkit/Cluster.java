package dev.continuo.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** PostgreSQL, NATS, a provider and several Liberty nodes, each a process that can be killed, frozen and started again. */
public final class Cluster implements AutoCloseable {
    /** How long the nodes of the shared cluster let their runs end when they leave: longer than a lease. */
    public static final Duration DRAIN = Duration.ofSeconds(12);

    private final ClusterPlan plan;
    private final String apiKey = newKey();
    private final List<LibertyNode> nodes = new ArrayList<>();
    private final Map<LibertyNode, NodeLines> lines = new HashMap<>();
    private Optional<Postgres> postgres = Optional.empty();
    private Optional<Nats> nats = Optional.empty();
    private Optional<Child> provider = Optional.empty();
    private String databaseUrl;
    private String natsUrl;
    private ClusterPlan.Provider model;
    private boolean closed;

    private Cluster(ClusterPlan plan) {
        this.plan = plan;
    }

    /** Three nodes for all tests of this JVM, with a short drain; each test begins with {@link #heal()}. */
    public static Cluster shared() {
        return Shared.INSTANCE;
    }

    /** Returns once every node is ready. */
    public static Cluster launch(ClusterPlan plan) {
        return launch(plan, message -> {});
    }

    public static Cluster launch(ClusterPlan plan, Consumer<String> progress) {
        var cluster = new Cluster(plan);
        AtExit.add(cluster::close);
        try {
            cluster.startServers(progress);
            cluster.startNodes(progress);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private void startServers(Consumer<String> progress) {
        Path folder = plan.folder();
        TempFolder.delete(folder.resolve("postgres"));
        TempFolder.delete(folder.resolve("nats"));
        var database = CompletableFuture.runAsync(() -> startDatabase(folder, progress));
        natsUrl = plan.natsUrl().orElseGet(() -> {
            nats = Optional.of(Nats.launch(folder.resolve("nats"), Ports.free()));
            progress.accept("NATS is ready at " + nats.get().url());
            return nats.get().url();
        });
        model = plan.provider().orElseGet(() -> {
            int port = Ports.free();
            provider = Optional.of(ScriptedProvider.launchProcess(port, folder.resolve("provider.log")));
            progress.accept("The scripted provider is ready at http://127.0.0.1:" + port);
            return new ClusterPlan.Provider("http://127.0.0.1:" + port + "/v1", "sk-scripted", "scripted");
        });
        database.join();
    }

    private void startDatabase(Path folder, Consumer<String> progress) {
        databaseUrl = plan.databaseUrl().orElseGet(() -> {
            Postgres server = Postgres.launch(folder.resolve("postgres"), Ports.free(), plan.durability());
            postgres = Optional.of(server);
            progress.accept("PostgreSQL is ready on port " + server.port());
            return server.emptyDatabase("continuo").jdbcUrl();
        });
    }

    private void startNodes(Consumer<String> progress) {
        for (int number = 1; number <= plan.nodes(); number++) {
            var environment = environment();
            Optional<NodeLines> spoilable = plan.lines() == ClusterPlan.Lines.DIRECT
                    ? Optional.empty()
                    : Optional.of(NodeLines.to(databaseUrl, natsUrl, model.baseUrl()));
            spoilable.ifPresent(way -> environment.putAll(way.environment(databaseUrl, natsUrl, model.baseUrl())));
            var node = new LibertyNode("node-" + number, plan.port(number), plan.folder(), environment);
            spoilable.ifPresent(way -> lines.put(node, way));
            TempFolder.delete(node.log());
            nodes.add(node);
            node.start();
        }
        progress.accept("Starting " + (plan.nodes() == 1 ? "the node" : plan.nodes() + " nodes") + " …");
        CompletableFuture.allOf(nodes.stream()
                        .map(node -> CompletableFuture.runAsync(() -> {
                            node.awaitReady();
                            progress.accept(node.id() + " is ready at " + node.url());
                        }))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    private Map<String, String> environment() {
        var all = new HashMap<>(plan.environment());
        all.put("CONTINUO_DB_URL", databaseUrl);
        all.put("CONTINUO_NATS_URL", natsUrl);
        all.put("CONTINUO_OPENAI_BASE_URL", model.baseUrl());
        all.put("CONTINUO_OPENAI_API_KEY", model.apiKey());
        all.put("CONTINUO_MODEL", model.model());
        all.put("CONTINUO_BOOTSTRAP_KEY", apiKey);
        if (!all.containsKey("CONTINUO_SECRETS_KEY") && !all.containsKey("CONTINUO_SECRETS_KEY_FILE")) {
            all.put("CONTINUO_SECRETS_KEY_FILE", SecretsKey.in(plan.folder()).toString());
        }
        all.putIfAbsent("CONTINUO_PROVIDERS_ALLOWED_HOSTS", "localhost,127.0.0.1");
        return all;
    }

    private static String newKey() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return "ck_" + HexFormat.of().formatHex(bytes);
    }

    public String apiKey() {
        return apiKey;
    }

    public List<LibertyNode> nodes() {
        return List.copyOf(nodes);
    }

    /** From 1. */
    public LibertyNode node(int number) {
        return nodes.get(number - 1);
    }

    public LibertyNode node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }

    /** Some running node other than the one given. */
    public LibertyNode survivorOf(LibertyNode dead) {
        return nodes.stream()
                .filter(node -> node != dead && node.running())
                .findFirst()
                .orElseThrow();
    }

    /** The node's lines to the servers, where the plan has {@link ClusterPlan.Lines#THAT_CAN_FAIL}. */
    public NodeLines lines(LibertyNode node) {
        return Optional.ofNullable(lines.get(node))
                .orElseThrow(() -> new IllegalStateException("this cluster was planned without lines that can fail"));
    }

    public NodeLines lines(int number) {
        return lines(node(number));
    }

    public Postgres postgres() {
        return postgres.orElseThrow();
    }

    public Nats nats() {
        return nats.orElseThrow();
    }

    public String databaseUrl() {
        return databaseUrl;
    }

    public String natsUrl() {
        return natsUrl;
    }

    /** The OpenAI base URL, {@code …/v1}. */
    public String providerUrl() {
        return model.baseUrl();
    }

    /** Of the scripted provider. */
    public long providerPid() {
        return provider.orElseThrow().pid();
    }

    /** A client of one node, with the key that may do everything. */
    public Api api(int number) {
        return new Api(node(number).url(), apiKey);
    }

    public Api api(LibertyNode node) {
        return new Api(node.url(), apiKey);
    }

    /** How often the scripted provider was asked for this prompt. */
    public int providerCalls(String prompt) {
        return providerStats(prompt).path("calls").asInt();
    }

    /** How many of these calls are under way. */
    public int openProviderCalls(String prompt) {
        return providerStats(prompt).path("open").asInt();
    }

    private JsonNode providerStats(String prompt) {
        return new Api(model.baseUrl(), "none")
                .get("/stats")
                .json()
                .path("prompts")
                .path(prompt);
    }

    /** Mends the lines, thaws what is frozen, starts again what was ended, and returns once all is ready. */
    public void heal() {
        lines.values().forEach(NodeLines::heal);
        nodes.forEach(LibertyNode::thaw);
        nats.ifPresent(Nats::thaw);
        nats.filter(server -> !server.running()).ifPresent(Nats::start);
        postgres.filter(server -> !server.running()).ifPresent(Postgres::start);
        List<LibertyNode> ended = nodes.stream().filter(node -> !node.running()).toList();
        ended.forEach(LibertyNode::start);
        nodes.forEach(LibertyNode::awaitReady);
        ended.forEach(this::warm);
    }

    /** The first requests of a server are slow; a test that attaches to a short run would come after its end. */
    private void warm(LibertyNode node) {
        var api = api(node);
        var thread = "warm-" + UUID.randomUUID();
        var run = api.say(thread, UUID.randomUUID().toString(), "many:3")
                .path("runId")
                .asText();
        try (var watcher = api.attachRun(run);
                var follower = api.attach(thread)) {
            watcher.await("the end of a first run", Duration.ofMinutes(2), event -> event.is("terminal"));
            follower.await("a first frame", Duration.ofMinutes(2), event -> true);
        }
    }

    /** Ends the nodes politely, then everything else; what does not end is killed. */
    public synchronized void end(Duration patience) {
        if (closed) {
            return;
        }
        closed = true;
        nodes.stream().filter(LibertyNode::running).forEach(LibertyNode::term);
        nodes.forEach(node -> node.end(patience));
        lines.values().forEach(NodeLines::close);
        provider.ifPresent(Child::kill9);
        nats.ifPresent(Nats::close);
        postgres.ifPresent(Postgres::close);
    }

    @Override
    public void close() {
        end(Duration.ZERO);
    }

    /** As scripts read it. */
    public void describe(Path file) {
        try {
            Files.writeString(file, ClusterJson.of(this));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Shared {
        /** A provider that hangs is given up early: nobody here thinks for long. */
        static final Cluster INSTANCE = launch(ClusterPlan.ofNodes(3)
                .startingOften()
                .over(ClusterPlan.Lines.THAT_CAN_FAIL)
                .with("CONTINUO_OPENAI_GAP_TIMEOUT", "PT8S")
                .with("CONTINUO_DRAIN", DRAIN.toString())
                .with("CONTINUO_MCP_COMMANDS", "everything=node " + Everything.script()));

        static {
            INSTANCE.nodes().forEach(INSTANCE::warm);
        }
    }
}
