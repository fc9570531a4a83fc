package dev.continuo.testkit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The arguments and variables of {@code bin/dev}, checked; what is wrong with them is one sentence. */
record DevOptions(int nodes, int port, String limits, Map<String, String> environment) {
    /** A sentence for the person who typed it. */
    static final class Wrong extends RuntimeException {
        Wrong(String sentence) {
            super(sentence);
        }
    }

    static DevOptions parse(String[] args, Map<String, String> environment) {
        int nodes = 1;
        int port = 9080;
        String limits = "on";
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--nodes" -> nodes = number("--nodes", value, 1, 9);
                case "--port" -> port = number("--port", value, 1024, 65_000);
                case "--limits" -> limits = onOrOff(value);
                default -> throw new Wrong("unknown option " + args[i] + "; bin/dev --help lists what there is.");
            }
        }
        var options = new DevOptions(nodes, port, limits, environment);
        options.checkVariables();
        return options;
    }

    private static int number(String option, String value, int least, int most) {
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw new Wrong(option + " takes a number from " + least + " to " + most + ", not '" + value + "'.");
        }
        return Integer.parseInt(value);
    }

    private static String onOrOff(String value) {
        if (!value.equals("on") && !value.equals("off")) {
            throw new Wrong("--limits takes on or off, not '" + value + "'.");
        }
        return value;
    }

    private void checkVariables() {
        variable("CONTINUO_DB_URL")
                .filter(url -> !url.startsWith("jdbc:postgresql://"))
                .ifPresent(url -> {
                    throw new Wrong(
                            "CONTINUO_DB_URL must start with jdbc:postgresql:// and name user and password, as in "
                                    + "jdbc:postgresql://127.0.0.1:5432/continuo?user=continuo&password=secret.");
                });
        variable("CONTINUO_NATS_URL")
                .filter(url -> !url.matches("(nats|tls)://.+"))
                .ifPresent(url -> {
                    throw new Wrong("CONTINUO_NATS_URL must start with nats:// or tls://, not '" + url + "'.");
                });
        variable("CONTINUO_OPENAI_BASE_URL").ifPresent(url -> {
            if (!url.matches("https?://.+")) {
                throw new Wrong(
                        "CONTINUO_OPENAI_BASE_URL must be an http or https URL such as https://api.openai.com/v1.");
            }
            if (variable("CONTINUO_MODEL").isEmpty()) {
                throw new Wrong(
                        "CONTINUO_OPENAI_BASE_URL is set, so CONTINUO_MODEL must name a model of that provider.");
            }
        });
        if (variable("CONTINUO_NATS_URL").isEmpty() && !Nats.installed()) {
            throw new Wrong(
                    "nats-server is missing: install it (apt-get install nats-server) or set CONTINUO_NATS_URL.");
        }
        for (int taken = port; taken < port + nodes; taken++) {
            if (!Ports.isFree(taken)) {
                throw new Wrong("port " + taken + " is in use; choose another first port with --port.");
            }
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    ClusterPlan plan(Path folder) {
        var passed = new HashMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith("CONTINUO_")) {
                passed.put(name, value);
            }
        });
        passed.put("CONTINUO_LIMITS", limits);
        passed.putIfAbsent("CONTINUO_TITLES", limits);
        return new ClusterPlan(
                folder,
                nodes,
                port,
                Postgres.Durability.SURVIVES_A_POWER_CUT,
                variable("CONTINUO_DB_URL"),
                variable("CONTINUO_NATS_URL"),
                variable("CONTINUO_OPENAI_BASE_URL")
                        .map(url -> new ClusterPlan.Provider(
                                url,
                                variable("CONTINUO_OPENAI_API_KEY").orElse("none"),
                                variable("CONTINUO_MODEL").orElseThrow())),
                passed,
                ClusterPlan.Lines.DIRECT);
    }
}
