package dev.continuo.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one watcher has on its screen of one run, and the steps back that it was told. */
final class Seen {
    /** @param knownEpoch the highest epoch the watcher had been told of when the record came */
    record Shown(int idx, long epoch, String chunk, String delta, long knownEpoch) {}

    /**
     * @param epochAt of the last record on the screen
     * @param beyond the server did not know the record that the client came with, so it takes back to what it knows
     */
    record Back(int had, long epochAt, int to, long epoch, boolean guessed, boolean beyond) {}

    record End(String state, long epoch, int n, Optional<String> sha256) {}

    final String run;
    /** Records up to here are on the screen of somebody who made them up. */
    int unknown;

    long knownEpoch;
    boolean guessed;
    Optional<String> snapshot = Optional.empty();
    Optional<End> end = Optional.empty();
    final List<Shown> records = new ArrayList<>();
    final List<Back> backs = new ArrayList<>();

    Seen(String run) {
        this.run = run;
    }

    int last() {
        return records.isEmpty() ? unknown : records.getLast().idx();
    }

    long lastEpoch() {
        return records.isEmpty() ? 0 : records.getLast().epoch();
    }

    void cutTo(int idx) {
        while (!records.isEmpty() && records.getLast().idx() > idx) {
            records.removeLast();
        }
        unknown = Math.min(unknown, idx);
    }

    String text() {
        var text = new StringBuilder();
        records.forEach(record -> text.append(record.delta()));
        return text.toString();
    }
}
