package dev.continuo.soak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.continuo.log.RecordCodec;
import dev.continuo.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The truth, read with plain SQL past all nodes; and a trigger that writes down every move of a run. */
final class Ledger {
    /** By which its own sessions are told from those of nodes. */
    static final String NAME = "soak";

    private final String url;

    Ledger(String url) {
        this.url = url + "&ApplicationName=" + NAME;
    }

    Connection open() throws SQLException {
        return DriverManager.getConnection(url);
    }

    /** From now on every change of a run's state, epoch or claim is kept, and every segment that should not have been. */
    void watch() {
        execute("""
                create table soak_moves (move bigint generated always as identity primary key,
                  at timestamptz not null default clock_timestamp(), run_id uuid, thread_id uuid, turn bigint,
                  was text, state text, old_epoch bigint, epoch bigint, claim_id uuid, owner text)""", """
                create table soak_late (run_id uuid, first_idx int, epoch bigint, opened bigint, ended boolean)""", """
                create function soak_move() returns trigger language plpgsql as $$
                begin
                  if (new.state, new.epoch, new.claim_id) is distinct from (old.state, old.epoch, old.claim_id) then
                    insert into soak_moves (run_id, thread_id, turn, was, state, old_epoch, epoch, claim_id, owner)
                    values (new.run_id, new.thread_id, new.turn, old.state, new.state, old.epoch, new.epoch,
                      new.claim_id, new.owner);
                  end if;
                  return null;
                end $$""", """
                create trigger soak_move after update of state, epoch, claim_id on runs
                for each row execute function soak_move()""", """
                create function soak_segment() returns trigger language plpgsql as $$
                declare opened bigint; ended boolean;
                begin
                  select coalesce(max(epoch), 0) into opened from run_epochs where run_id = new.run_id;
                  select finished_at is not null into ended from runs where run_id = new.run_id;
                  if opened > new.epoch or ended then
                    insert into soak_late values (new.run_id, new.first_idx, new.epoch, opened, ended);
                  end if;
                  return null;
                end $$""", """
                create trigger soak_segment after insert on run_segments
                for each row execute function soak_segment()""", "update settings set segments_kept = '6 hours'");
    }

    void execute(String... statements) {
        try (var connection = open();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    long count(String sql) {
        try (var connection = open();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** True once every run has ended. */
    boolean awaitEnds(Duration atMost) {
        try {
            Await.until(
                    "every run has ended",
                    atMost,
                    Duration.ofMillis(500),
                    () -> count("select count(*) from runs where finished_at is null") == 0);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    Stored read() {
        try (var connection = open()) {
            var threads = new HashMap<String, String>();
            each(
                    connection,
                    "select thread_id, client_id from threads",
                    rows -> threads.put(rows.getString(1), rows.getString(2)));
            return new Stored(
                    runs(connection, threads), sent(connection, threads), moves(connection, threads), late(connection));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Stored.Run> runs(Connection connection, Map<String, String> threads) throws SQLException {
        Map<String, List<Stored.Rec>> logs = new HashMap<>();
        each(connection, "select * from run_segments order by run_id, first_idx", rows -> logs.computeIfAbsent(
                        rows.getString("run_id"), _ -> new ArrayList<>())
                .addAll(records(rows)));
        Map<String, List<Stored.Epoch>> epochs = new HashMap<>();
        each(connection, "select * from run_epochs order by run_id, epoch", rows -> epochs.computeIfAbsent(
                        rows.getString("run_id"), _ -> new ArrayList<>())
                .add(new Stored.Epoch(
                        rows.getLong("epoch"),
                        rows.getInt("base_idx"),
                        rows.getString("claim_id"),
                        rows.getString("node"),
                        rows.getString("reason"),
                        millis(rows, "at").orElse(0L))));
        Map<String, List<Stored.Answer>> answers = new HashMap<>();
        each(connection, "select * from messages where ord = 1", rows -> answers.computeIfAbsent(
                        rows.getString("run_id"), _ -> new ArrayList<>())
                .add(new Stored.Answer(
                        rows.getString("message_id"), text(rows.getString("parts")), rows.getBoolean("complete"))));
        Map<String, String> prompts = new HashMap<>();
        each(
                connection,
                "select run_id, parts from messages where ord = 0",
                rows -> prompts.put(rows.getString(1), text(rows.getString(2))));
        var runs = new ArrayList<Stored.Run>();
        each(connection, "select * from runs order by thread_id, turn", rows -> {
            String id = rows.getString("run_id");
            runs.add(new Stored.Run(
                    id,
                    threads.get(rows.getString("thread_id")),
                    rows.getLong("turn"),
                    rows.getString("state"),
                    rows.getLong("epoch"),
                    rows.getInt("attempt"),
                    rows.getInt("committed_idx"),
                    Optional.ofNullable(rows.getString("text_sha256")),
                    millis(rows, "finished_at"),
                    prompts.getOrDefault(id, ""),
                    logs.getOrDefault(id, List.of()),
                    epochs.getOrDefault(id, List.of()),
                    answers.getOrDefault(id, List.of())));
        });
        return runs;
    }

    private static List<Stored.Rec> records(ResultSet rows) throws SQLException {
        return RecordCodec.decode(rows.getBytes("payload"), rows.getInt("first_idx"), rows.getLong("epoch")).stream()
                .map(record -> {
                    String chunk = new String(record.chunk(), StandardCharsets.UTF_8);
                    return new Stored.Rec(record.idx(), record.epoch(), chunk, Chunk.delta(Chunk.json(chunk)));
                })
                .toList();
    }

    private static List<Stored.Sent> sent(Connection connection, Map<String, String> threads) throws SQLException {
        var sent = new ArrayList<Stored.Sent>();
        each(
                connection,
                "select * from messages where ord = 0",
                rows -> sent.add(new Stored.Sent(
                        rows.getString("client_msg_id"),
                        threads.get(rows.getString("thread_id")),
                        rows.getString("message_id"),
                        rows.getString("run_id"),
                        text(rows.getString("parts")))));
        return sent;
    }

    private static List<Stored.Move> moves(Connection connection, Map<String, String> threads) throws SQLException {
        var moves = new ArrayList<Stored.Move>();
        each(
                connection,
                "select * from soak_moves order by move",
                rows -> moves.add(new Stored.Move(
                        millis(rows, "at").orElseThrow(),
                        rows.getString("run_id"),
                        threads.get(rows.getString("thread_id")),
                        rows.getLong("turn"),
                        rows.getString("was"),
                        rows.getString("state"),
                        rows.getLong("old_epoch"),
                        rows.getLong("epoch"),
                        rows.getString("claim_id"),
                        rows.getString("owner"))));
        return moves;
    }

    private static List<Stored.Late> late(Connection connection) throws SQLException {
        var late = new ArrayList<Stored.Late>();
        each(
                connection,
                "select * from soak_late",
                rows -> late.add(new Stored.Late(
                        rows.getString("run_id"),
                        rows.getInt("first_idx"),
                        rows.getLong("epoch"),
                        rows.getLong("opened"),
                        rows.getBoolean("ended"))));
        return late;
    }

    /** Bytes on disk by table, the largest first. */
    Map<String, Long> sizes() {
        var sizes = new LinkedHashMap<String, Long>();
        try (var connection = open()) {
            each(connection, """
                    select relname, pg_total_relation_size(c.oid) from pg_class c
                    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'soak%'
                    order by 2 desc limit 6""", rows -> sizes.put(rows.getString(1), rows.getLong(2)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return sizes;
    }

    private interface Row {
        void take(ResultSet rows) throws SQLException;
    }

    private static void each(Connection connection, String sql, Row row) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                row.take(rows);
            }
        }
    }

    private static String text(String parts) {
        var text = new StringBuilder();
        for (JsonNode part : Chunk.json(parts)) {
            if (part.path("type").asText().equals("text")) {
                text.append(part.path("text").asText());
            }
        }
        return text.toString();
    }

    private static Optional<Long> millis(ResultSet rows, String column) throws SQLException {
        return Optional.ofNullable(rows.getTimestamp(column)).map(Timestamp::getTime);
    }
}
