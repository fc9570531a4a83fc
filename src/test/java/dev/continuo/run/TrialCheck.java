package dev.continuo.run;

import dev.continuo.log.AnswerParts;
import dev.continuo.log.EpochBase;
import dev.continuo.log.LogRecord;
import dev.continuo.log.RunSnapshot;
import dev.continuo.thread.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads what is left of a trial and names every invariant of the design that does not hold. */
final class TrialCheck {
    private static final Pattern WORD = Pattern.compile("\"delta\":\"([0-9]+):([0-9]+):([0-9a-f]+):(more|end) \"");

    private final Truth truth;
    private final List<String> violations = new ArrayList<>();

    private TrialCheck(Truth truth) {
        this.truth = truth;
    }

    /** @param posted the runs that were acknowledged, by key */
    static List<String> violations(Truth truth, Map<String, UUID> posted) {
        var check = new TrialCheck(truth);
        check.acknowledged(posted);
        check.order();
        truth.jdbi
                .withHandle(h -> h.createQuery("select run_id from runs")
                        .mapTo(UUID.class)
                        .list())
                .forEach(check::run);
        return check.violations;
    }

    private void acknowledged(Map<String, UUID> posted) {
        var stored = new HashMap<String, UUID>();
        truth.jdbi.useHandle(h -> h.createQuery("select client_msg_id, run_id from messages where ord = 0")
                .map((rs, _) -> Map.entry(rs.getString(1), rs.getObject(2, UUID.class)))
                .forEach(e -> {
                    if (stored.put(e.getKey(), e.getValue()) != null) {
                        violations.add("I1 stored twice: " + e.getKey());
                    }
                }));
        posted.forEach((key, run) -> {
            if (!run.equals(stored.get(key))) {
                violations.add("I1 acknowledged and not stored: " + key);
            }
        });
    }

    private record Event(String kind, UUID thread, UUID run, long turn, long epoch) {}

    private void order() {
        var finishedTurn = new HashMap<UUID, Long>();
        var claimedEpoch = new HashMap<UUID, Long>();
        List<Event> events = truth.jdbi.withHandle(h -> h.createQuery("""
                        select kind, thread_id, run_id, turn, epoch from trial_events
                        where kind in ('claim', 'finish') order by at""")
                .map((rs, _) -> new Event(
                        rs.getString("kind"),
                        rs.getObject("thread_id", UUID.class),
                        rs.getObject("run_id", UUID.class),
                        rs.getLong("turn"),
                        rs.getLong("epoch")))
                .list());
        for (Event event : events) {
            if (event.turn <= finishedTurn.getOrDefault(event.thread, 0L)) {
                violations.add("I4 after the terminal of its own or of a later turn: " + event);
            }
            if (event.kind.equals("finish")) {
                finishedTurn.put(event.thread, event.turn);
            } else if (claimedEpoch.getOrDefault(event.run, 0L) >= event.epoch) {
                violations.add("I5 an epoch went back: " + event);
            } else {
                claimedEpoch.put(event.run, event.epoch);
            }
        }
    }

    private void run(UUID id) {
        RunSnapshot snapshot = truth.snapshots.read(id, 0).orElseThrow();
        if (snapshot.terminal().isEmpty()) {
            violations.add("I2 unfinished: " + truth.run(id));
            return;
        }
        var terminal = snapshot.terminal().get();
        List<LogRecord> log = SegmentRows.records(snapshot.segments());
        if (terminal.epoch() > 0 && log.size() != terminal.n()) {
            violations.add("I6 " + log.size() + " records instead of " + terminal.n() + " in " + id);
        }
        long epoch = 0;
        for (int i = 0; i < log.size(); i++) {
            LogRecord record = log.get(i);
            if (record.idx() != i + 1) {
                violations.add("I6 a hole or a repeat at " + record + " of " + id);
                return;
            }
            if (record.epoch() < epoch) {
                violations.add("I8 the epoch goes back at " + record + " of " + id);
            }
            epoch = record.epoch();
            word(id, record, snapshot.bases());
        }
        answer(id, snapshot, log);
    }

    private void word(UUID id, LogRecord record, List<EpochBase> bases) {
        if (bases.stream().anyMatch(b -> b.epoch() > record.epoch() && b.base() < record.idx())) {
            violations.add("I7 void and still there: " + record + " of " + id);
        }
        var word = WORD.matcher(new String(record.chunk(), StandardCharsets.UTF_8));
        if (word.find()
                && (Integer.parseInt(word.group(1)) != record.idx()
                        || Long.parseLong(word.group(2)) != record.epoch())) {
            violations.add("I7 written by another author: " + record + " of " + id);
        }
    }

    private void answer(UUID id, RunSnapshot snapshot, List<LogRecord> log) {
        var terminal = snapshot.terminal().orElseThrow();
        var answers = truth.messages.ofRun(id).stream()
                .filter(m -> m.ord() == StoredMessage.ANSWER)
                .toList();
        var folded = AnswerParts.fold(log);
        if (answers.size() != (folded.hasText() ? 1 : 0)) {
            violations.add("I3 " + answers.size() + " answers to " + id);
        } else if (!answers.isEmpty()) {
            String text = answers.getFirst().parts().findPath("text").asText();
            if (!text.equals(folded.text()) || !terminal.sha256().equals(folded.sha256())) {
                violations.add("I6 the answer is not the log of " + id);
            }
            if (answers.getFirst().complete() != terminal.state().equals("completed")) {
                violations.add("I3 complete does not fit " + terminal);
            }
            if (terminal.state().equals("completed") && !text.endsWith(":end ")) {
                violations.add("I6 completed without its end: " + id);
            }
        }
    }
}
