package dev.continuo.thread;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Titles to be made, as rows: whoever takes one and dies leaves it to the next after a while, and whoever was too slow stores
 * nothing. A title is stored at most once, and never over a person's.
 */
@ApplicationScoped
public class Titles {
    static final int ATTEMPTS = 3;

    private final Jdbi jdbi;

    @Inject
    public Titles(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    protected Titles() {
        this(null);
    }

    /** At most so many; whoever does not {@link #store} or {@link #failed} within {@code patience} has lost them. */
    @Transactional
    public List<TitleJob> take(int most, Duration patience) {
        return jdbi.withHandle(h -> {
            h.createUpdate("""
                            update threads set title_due = null where thread_id in (
                              select thread_id from threads
                              where title_due < clock_timestamp() and title_tries >= :attempts for update skip locked)""").bind("attempts", ATTEMPTS).execute();
            return h.createQuery("""
                            with due as (
                              select thread_id from threads where title_due < clock_timestamp()
                              order by title_due limit :most for update skip locked)
                            update threads t set title_tries = title_tries + 1,
                              title_due = clock_timestamp() + make_interval(secs => :patience)
                            from due where t.thread_id = due.thread_id
                            returning t.thread_id, t.org_id, t.title_tries,
                              (select r.run_id from runs r where r.thread_id = t.thread_id and r.state = 'COMPLETED'
                               order by r.turn limit 1) as run_id""")
                    .bind("most", most)
                    .bind("patience", patience.toMillis() / 1000.0)
                    .map((rs, _) -> new TitleJob(
                            rs.getObject("thread_id", UUID.class),
                            rs.getObject("org_id", UUID.class),
                            rs.getInt("title_tries"),
                            rs.getObject("run_id", UUID.class)))
                    .list();
        });
    }

    /** Whether it is the thread's title now: nobody else was quicker, and no person has given one. */
    @Transactional
    public boolean store(TitleJob job, String title) {
        return jdbi.withHandle(h -> h.createUpdate("""
                        update threads set title = :title, title_from = 'model', title_due = null
                        where thread_id = :thread and title_from = 'message' and title_tries = :attempt
                          and title_due is not null""")
                        .bind("title", CleanJson.text(title))
                        .bind("thread", job.thread())
                        .bind("attempt", job.attempt())
                        .execute())
                == 1;
    }

    /** A call for a title is nobody's run; what it used is counted all the same, whatever became of its title. */
    @Transactional
    public void used(TitleJob job, String model, long input, long output, long reasoning, long cached) {
        jdbi.useHandle(h -> h.createUpdate("""
                        insert into usage_beside as b (org_id, subject, day, model, agent, kind, runs, calls, untold,
                          input, output, reasoning, cached)
                        select org_id, creator, cast(clock_timestamp() at time zone 'UTC' as date), :model,
                          coalesce(agent, 'default'), 'title', 0, 1, 0, :input, :output, :reasoning, :cached
                        from threads where thread_id = :thread
                        on conflict (org_id, subject, day, model, agent, kind) do update set calls = b.calls + 1,
                          input = b.input + excluded.input, output = b.output + excluded.output,
                          reasoning = b.reasoning + excluded.reasoning, cached = b.cached + excluded.cached""")
                .bind("model", model)
                .bind("thread", job.thread())
                .bind("input", input)
                .bind("output", output)
                .bind("reasoning", reasoning)
                .bind("cached", cached)
                .execute());
    }

    /** Somebody tries again later, unless this was the last attempt: then the beginning of the message stays the title. */
    @Transactional
    public void failed(TitleJob job, Duration later) {
        jdbi.useHandle(h -> h.createUpdate("""
                        update threads set title_due = case when title_tries < :attempts
                          then clock_timestamp() + make_interval(secs => :later) end
                        where thread_id = :thread and title_tries = :attempt and title_due is not null""")
                .bind("attempts", ATTEMPTS)
                .bind("later", later.toMillis() / 1000.0)
                .bind("thread", job.thread())
                .bind("attempt", job.attempt())
                .execute());
    }
}
