-- A call that failed before its first word, after which the tier's second model was asked: its row in run_attempts went on as
-- that second call's. So every provider call is one row, here or there.
create table run_fallbacks (
    run_id   uuid not null,
    epoch    bigint not null,
    step     int not null,
    attempt  int not null,
    node     text not null,
    model    text,
    at       timestamptz not null,
    ended_at timestamptz not null default clock_timestamp(),
    primary key (run_id, epoch, step)
);

create or replace view usage_of_runs as
select r.org_id, r.thread_id, r.created_at, cast(r.created_at at time zone 'UTC' as date) as day,
  coalesce(a.model, 'unknown') as model, coalesce(r.agent, 'default') as agent,
  case when (a.epoch, a.step) = (select l.epoch, l.step from run_attempts l where l.run_id = r.run_id
    order by l.epoch desc, l.step desc limit 1) then 1 else 0 end as runs,
  1 as calls, case when a.usage is null then 1 else 0 end as untold,
  coalesce(cast(a.usage ->> 'inputTokens' as bigint), 0) as input,
  coalesce(cast(a.usage ->> 'outputTokens' as bigint), 0) as output,
  coalesce(cast(a.usage ->> 'reasoningTokens' as bigint), 0) as reasoning,
  coalesce(cast(a.usage ->> 'cachedInputTokens' as bigint), 0) as cached,
  r.run_id
from run_attempts a join runs r on r.run_id = a.run_id
union all
select r.org_id, r.thread_id, r.created_at, cast(r.created_at at time zone 'UTC' as date),
  coalesce(f.model, 'unknown'), coalesce(r.agent, 'default'), 0, 1, 1,
  cast(0 as bigint), cast(0 as bigint), cast(0 as bigint), cast(0 as bigint), r.run_id
from run_fallbacks f join runs r on r.run_id = f.run_id;

-- Last, so that the locks are taken as a deletion of a thread takes them: the view, then runs.
alter table run_fallbacks add foreign key (run_id) references runs on delete cascade;
