package dev.continuo.testkit;

import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;

/** Runs by the thousand, written by SQL as the steps would have left them: what the tables hold after a while. */
public final class ManyRuns {
    /** Of finished runs. */
    public static final int PER_THREAD = 10;

    private static final String RUNS = """
            from generate_series(1, :threads) i cross join generate_series(1, :each) turn
            cross join lateral (select
              cast(md5(:tag || ' thread ' || i) as uuid) as thread_id,
              cast(md5(:tag || ' run ' || i || ' ' || turn) as uuid) as run_id,
              case when turn > 1 then cast(md5(:tag || ' run ' || i || ' ' || turn - 1) as uuid) end as parent_run,
              cast(md5(:tag || ' claim ' || i || ' ' || turn) as uuid) as claim_id,
              cast(md5(:tag || ' message ' || i || ' ' || turn) as uuid) as message_id,
              cast(md5(:tag || ' answer ' || i || ' ' || turn) as uuid) as answer_id,
              now() - interval '1 day' - make_interval(secs => i) + make_interval(secs => turn) as at) r""";
    private static final String PARTS = """
            (select jsonb_build_array(jsonb_build_object('type', 'text', 'text',
              string_agg('word' || (i * 31 + turn * 7 + word * word * 17) %% 5000, ' '))) from generate_series(1, %d) word)""";

    private ManyRuns() {}

    /** Conversations that are over, without segments, which the janitor has deleted. All of one creator, which is the worst for
     * whoever lists them. Statistics are not renewed. */
    public static void finished(Jdbi jdbi, UUID org, String creator, int threads) {
        jdbi.useTransaction(h -> {
            // References are right by construction; looking each one up would take most of the time.
            h.execute("set local session_replication_role = replica");
            var tag = UUID.randomUUID().toString();
            fill(h, tag, threads, org, creator, """
                    insert into threads (thread_id, org_id, creator, client_id, title, title_from, next_turn, head_run, created_at,
                      changed_at)
                    select thread_id, :org, :creator, :tag || '-' || i, 'Conversation ' || i, 'message', :each + 1, run_id, at, at
                    %s where turn = :each""".formatted(RUNS));
            fill(h, tag, threads, org, creator, """
                    insert into runs (run_id, thread_id, org_id, turn, message_id, parent_run, state, epoch, claim_id, owner,
                      owner_boot, attempt, committed_idx, answer_id, ready_at, first_claimed_at, finished_at, finish_reason,
                      text_sha256, usage, created_at)
                    select run_id, thread_id, :org, turn, message_id, parent_run, 'COMPLETED', 1, claim_id, 'gone',
                      claim_id, 1, 40, answer_id, at, at, at, 'stop', md5('') || md5(''), '{"inputTokens": 200, "outputTokens": 40}', at
                    %s""".formatted(RUNS));
            fill(h, tag, threads, org, creator, """
                    insert into messages (message_id, thread_id, turn, ord, role, parts, client_msg_id, body_sha256, run_id,
                      created_at)
                    select message_id, thread_id, turn, 0, 'user', %s, md5(:tag || turn), sha256(cast(:tag as bytea)), run_id, at
                    %s""".formatted(PARTS.formatted(5), RUNS));
            fill(h, tag, threads, org, creator, """
                    insert into messages (message_id, thread_id, turn, ord, role, parts, run_id, created_at)
                    select answer_id, thread_id, turn, 1, 'assistant', %s, run_id, at
                    %s""".formatted(PARTS.formatted(15), RUNS));
            fill(h, tag, threads, org, creator, """
                    insert into run_epochs (run_id, epoch, base_idx, claim_id, node, reason, at)
                    select run_id, 1, 0, claim_id, 'gone', 'claim', at %s""".formatted(RUNS));
            fill(h, tag, threads, org, creator, """
                    insert into run_attempts (run_id, epoch, step, attempt, node, model, at, ended_at, outcome, usage)
                    select run_id, 1, 1, 1, 'gone', 'scripted', at, at, 'ANSWERED', '{"inputTokens": 200, "outputTokens": 40}'
                    %s""".formatted(RUNS));
        });
    }

    /** Runs that wait for a claim, each in a thread of its own. */
    public static void ready(Jdbi jdbi, UUID org, int runs) {
        jdbi.useTransaction(h -> {
            var tag = UUID.randomUUID().toString();
            fill(h, tag, runs, org, "ann", """
                    insert into threads (thread_id, org_id, creator, next_turn, head_run)
                    select cast(md5(:tag || ' thread ' || i) as uuid), :org, :creator, 2, cast(md5(:tag || ' run ' || i) as uuid)
                    from generate_series(1, :threads) i""");
            fill(h, tag, runs, org, "ann", """
                    insert into runs (run_id, thread_id, org_id, turn, message_id, state, answer_id, ready_at)
                    select cast(md5(:tag || ' run ' || i) as uuid), cast(md5(:tag || ' thread ' || i) as uuid), :org, 1,
                      gen_random_uuid(), 'READY', gen_random_uuid(), clock_timestamp() from generate_series(1, :threads) i""");
        });
    }

    private static void fill(Handle h, String tag, int threads, UUID org, String creator, String sql) {
        try (var update = h.createUpdate(sql)) {
            update.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
            update.bind("tag", tag)
                    .bind("threads", threads)
                    .bind("each", PER_THREAD)
                    .bind("org", org)
                    .bind("creator", creator)
                    .execute();
        }
    }

    /** What the planner knows of the tables. */
    public static void analyze(Jdbi jdbi) {
        jdbi.useHandle(h -> h.execute("analyze threads, runs, messages, run_segments, run_epochs, run_attempts"));
    }
}
