package dev.continuo.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads along what a client of PostgreSQL says (protocol 3.0, not encrypted), far enough to know the statements of the
 * transaction under way and its COMMIT. What is not PostgreSQL is ignored.
 */
final class PgFrontend {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int PROTOCOL_3 = 196_608;
    private static final int LONGEST = 64 * 1024 * 1024;

    private final Map<String, String> statements = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();
    private final List<String> transaction = new ArrayList<>();
    private boolean inTransaction;
    private boolean started;
    private boolean foreign;
    private byte[] rest = new byte[0];

    /** The statements of the transaction whose COMMIT ends in these bytes. */
    Optional<List<String>> accept(byte[] bytes) {
        if (foreign) {
            return Optional.empty();
        }
        ByteBuffer all = ByteBuffer.allocate(rest.length + bytes.length);
        all.put(rest).put(bytes).flip();
        Optional<List<String>> committed = Optional.empty();
        while (!foreign) {
            int header = started ? 5 : 4;
            if (all.remaining() < header) {
                break;
            }
            int length = all.getInt(all.position() + header - 4) + header - 4;
            if (length < header || length > LONGEST) {
                foreign = true;
            } else if (all.remaining() < length) {
                break;
            } else {
                byte[] message = new byte[length];
                all.get(message);
                committed = commits(message) ? Optional.of(List.copyOf(transaction)) : committed;
            }
        }
        rest = new byte[foreign ? 0 : all.remaining()];
        all.get(rest);
        return committed;
    }

    private boolean commits(byte[] message) {
        if (!started) {
            int code = message.length < 8 ? 0 : ByteBuffer.wrap(message).getInt(4);
            started = code == PROTOCOL_3;
            foreign = !started && code != SSL_REQUEST && code != GSS_REQUEST;
            return false;
        }
        switch (message[0]) {
            case 'Q' -> {
                return executed(text(message, 0));
            }
            case 'E' -> {
                return executed(portals.getOrDefault(text(message, 0), ""));
            }
            case 'P' -> statements.put(text(message, 0), text(message, 1));
            case 'B' -> portals.put(text(message, 0), statements.getOrDefault(text(message, 1), ""));
            default -> {} // Sync, Describe, Close and what else does not run anything
        }
        return false;
    }

    /** The n-th string of a message, from 0. */
    private static String text(byte[] message, int n) {
        int from = 5;
        for (int i = 0; ; i++) {
            int to = from;
            while (to < message.length && message[to] != 0) {
                to++;
            }
            if (i == n) {
                return new String(message, from, to - from, StandardCharsets.UTF_8);
            }
            from = Math.min(to + 1, message.length);
        }
    }

    /** Whether that ends the transaction well. */
    private boolean executed(String sql) {
        String word = sql.replace(";", "").strip().toUpperCase(Locale.ROOT);
        if (word.startsWith("BEGIN")) {
            transaction.clear();
            inTransaction = true;
            return false;
        }
        boolean ends = inTransaction && word.equals("COMMIT");
        if (ends || word.equals("ROLLBACK")) {
            inTransaction = false;
        } else if (inTransaction) {
            transaction.add(sql);
        }
        return ends;
    }
}
