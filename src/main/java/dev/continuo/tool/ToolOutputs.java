package dev.continuo.tool;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Outputs that are too large for a model to be shown whole; they go with their run. */
@Singleton
class ToolOutputs {
    private final Jdbi jdbi;

    /** @param characters of the whole text */
    record Part(String text, int characters) {}

    @Inject
    ToolOutputs(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Once more for the same call puts the new text in the place of the old one. */
    void keep(UUID run, String callId, String output) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into tool_outputs (run_id, call_id, output) values (:run, :call, :output)
                        on conflict (run_id, call_id) do update set output = excluded.output, at = excluded.at
                        """)
                .bind("run", run)
                .bind("call", callId)
                .bind("output", output)
                .execute());
    }

    /** Of this run, or of an earlier one of its thread, whose answer the model is still shown. */
    Optional<Part> read(UUID run, String callId, int offset, int length) {
        return jdbi.withHandle(h -> h.createQuery("""
                        select substr(o.output, :from, :length) as part, length(o.output) as characters
                        from runs mine
                        join runs r on r.thread_id = mine.thread_id and r.turn <= mine.turn
                        join tool_outputs o on o.run_id = r.run_id
                        where mine.run_id = :run and o.call_id = :call
                        order by r.turn desc limit 1
                        """)
                .bind("run", run)
                .bind("call", callId)
                .bind("from", offset + 1)
                .bind("length", length)
                .map((r, c) -> new Part(r.getString("part"), r.getInt("characters")))
                .findOne());
    }
}
