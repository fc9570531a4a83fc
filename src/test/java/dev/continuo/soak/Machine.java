package dev.continuo.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** On what a trial ran. */
final class Machine {
    private Machine() {}

    static Map<String, String> facts(Ledger ledger) {
        var facts = new LinkedHashMap<String, String>();
        facts.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " cores (" + line("/proc/cpuinfo", "model name") + "), "
                        + line("/proc/meminfo", "MemTotal"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("JDK", Runtime.version().toString());
        facts.put("database", version(ledger));
        return facts;
    }

    private static String version(Ledger ledger) {
        try (var connection = ledger.open()) {
            return connection.getMetaData().getDatabaseProductName() + " "
                    + connection.getMetaData().getDatabaseProductVersion()
                    + ", durable against a kill of its process (fsync off), on the same machine";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String line(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
