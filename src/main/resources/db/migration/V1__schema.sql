-- The truth. Names are those of the glossary in docs/architecture.md; every statement that writes here
-- lives in a *Store or a transactional step of the package that owns the table.

-- What must agree between nodes: one row, returned by every renewal of a lease.
create table settings (
    one        boolean primary key default true check (one),
    lease      interval not null default '6 seconds',
    renewal    interval not null default '1.5 seconds',
    -- a free lock means death only if the last renewal is older than this: more than one renewal, or a node that has
    -- just opened its session anew would be taken for dead
    probe_age  interval not null default '2 seconds',
    -- each node looks for orphans so often, give or take 30 %
    reap_scan  interval not null default '1 second',
    -- how many runs of one organisation may run at a time; checked at claim, so a few more may slip through
    org_running int not null default 1000,
    segments_kept interval not null default '15 minutes'
);
insert into settings default values;

create table organisations (
    org_id     uuid primary key,
    name       text not null,
    created_at timestamptz not null default clock_timestamp()
);

create table threads (
    thread_id   uuid primary key,
    org_id      uuid not null references organisations,
    creator     text not null,
    client_id   text,
    title       text,
    -- who gave it: a person's is never replaced, the beginning of the first message once
    title_from  text check (title_from in ('person', 'message', 'model')),
    -- when a model should be asked for a title, again where whoever asks has not answered by then
    title_due   timestamptz,
    title_tries int not null default 0,
    agent       text,
    next_turn   bigint not null default 1,
    -- the last run of the active branch: the conversation is the chain of runs that ends with it
    head_run    uuid,
    -- how often a waiting message was changed: a sign for those who watch the queue
    edits       int not null default 0,
    archived_at timestamptz,
    created_at  timestamptz not null default clock_timestamp(),
    changed_at  timestamptz not null default clock_timestamp(),
    unique (org_id, client_id)
);
create index threads_of_creator on threads (org_id, creator, changed_at desc, thread_id);
create index threads_without_title on threads (title_due) where title_due is not null;
create index threads_of_org on threads (org_id, changed_at desc, thread_id);

create table runs (
    run_id              uuid primary key,
    thread_id           uuid not null references threads on delete cascade,
    org_id              uuid not null,
    turn                bigint not null,
    -- what it answers; several runs may answer one message
    message_id          uuid not null,
    -- the run that it continues: the runs of a thread are a tree, and a branch is a chain up to its root
    parent_run          uuid,
    -- the run whose answer this one is instead of
    replaces            uuid,
    state               text not null check (state in ('WAITING', 'READY', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED')),
    epoch               bigint not null default 0,
    claim_id            uuid,
    owner               text,
    owner_boot          uuid,
    attempt             int not null default 0,
    tries               int not null default 0,
    committed_idx       int not null default 0,
    answer_id           uuid not null,
    agent               text,
    tier                text,
    model               text,
    temperature         double precision,
    on_takeover         text not null default 'continue' check (on_takeover in ('continue', 'restart', 'fail')),
    ready_at            timestamptz,
    first_claimed_at    timestamptz,
    -- when its provider was busy for the first time in the present step
    trying_since        timestamptz,
    cancel_requested_at timestamptz,
    finished_at         timestamptz,
    finish_reason       text,
    error_code          text,
    error_text          text,
    text_sha256         text,
    usage               jsonb,
    created_at          timestamptz not null default clock_timestamp(),
    unique (thread_id, turn),
    check ((finished_at is not null) = (state in ('COMPLETED', 'FAILED', 'CANCELLED'))),
    check (state <> 'RUNNING' or claim_id is not null and owner is not null and owner_boot is not null)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- The seat: in a thread exactly one unfinished run may be READY, RUNNING or PAUSED.
create unique index runs_seat on runs (thread_id) where state in ('READY', 'RUNNING', 'PAUSED');
-- An answer is replaced once, however often that is asked for.
create unique index runs_replacing on runs (replaces) where replaces is not null;
create index runs_ready on runs (org_id, ready_at) where state = 'READY';
create index runs_running on runs (owner, owner_boot) where state = 'RUNNING';
create index runs_running_of_org on runs (org_id) where state = 'RUNNING';
create index runs_unfinished on runs (thread_id, turn) where finished_at is null;
create index runs_unfinished_of_org on runs (org_id) where finished_at is null;
create index runs_of_org on runs (org_id, created_at desc, run_id desc);

create table messages (
    message_id    uuid primary key,
    thread_id     uuid not null references threads on delete cascade,
    turn          bigint not null,
    ord           int not null,
    role          text not null check (role in ('user', 'assistant', 'system')),
    parts         jsonb not null,
    metadata      jsonb,
    client_msg_id text,
    body_sha256   bytea,
    run_id        uuid not null,
    complete      boolean not null default true,
    created_at    timestamptz not null default clock_timestamp(),
    unique (thread_id, turn, ord),
    unique (thread_id, client_msg_id)
);
create index messages_of_run on messages (run_id);

-- What can be searched for in a message: its text. Cut, because a tsvector holds a megabyte at most and an answer that does
-- not fit would make its finish fail for ever.
create function searchable(parts jsonb) returns text language sql immutable parallel safe return (
    select left(coalesce(string_agg(part ->> 'text', ' '), ''), 100000)
    from jsonb_array_elements(parts) part where part ->> 'type' = 'text');
create index messages_search on messages using gin (to_tsvector('simple', searchable(parts)));

-- Threads that were deleted and whose records may still be in JetStream; due once nobody can write there any more.
create table purges (
    thread_id uuid primary key,
    due_at    timestamptz not null
);

-- Without a foreign key: every insert happens under the lock of its run's row, and the check would cost a tenth of a flush.
create table run_segments (
    run_id    uuid not null,
    first_idx int not null,
    last_idx  int not null,
    epoch     bigint not null,
    js_seq    bigint,
    payload   bytea not null,
    at        timestamptz not null default clock_timestamp(),
    primary key (run_id, first_idx),
    check (first_idx >= 1 and last_idx >= first_idx)
);

-- An epoch exists for readers from the moment its row is here (written by Open, fork and foreign terminals).
create table run_epochs (
    run_id     uuid not null references runs on delete cascade,
    epoch      bigint not null,
    base_idx   int not null,
    voided_idx int,
    voided_unknown boolean not null default false,
    claim_id   uuid,
    node       text,
    reason     text not null,
    at         timestamptz not null default clock_timestamp(),
    primary key (run_id, epoch),
    check (epoch >= 1 and base_idx >= 0)
);

-- One row per provider call, written before the call: what a run has cost, also where its owner did not live to say so.
-- The epoch is the one under which the call began; usage is null where nobody knows it.
create table run_attempts (
    run_id   uuid not null references runs on delete cascade,
    epoch    bigint not null,
    step     int not null,
    attempt  int not null,
    node     text not null,
    model    text,
    at       timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    outcome  text check (outcome in ('ANSWERED', 'FAILED', 'REFUSED', 'CANCELLED', 'HANDED_OVER', 'LOST')),
    usage    jsonb,
    primary key (run_id, epoch, step)
);

-- One row per provider call with its numbers.
create view usage_of_runs as
select r.org_id, r.thread_id, r.created_at, cast(r.created_at at time zone 'UTC' as date) as day,
  coalesce(a.model, 'unknown') as model, coalesce(r.agent, 'default') as agent,
  case when (a.epoch, a.step) = (select l.epoch, l.step from run_attempts l where l.run_id = r.run_id
    order by l.epoch desc, l.step desc limit 1) then 1 else 0 end as runs,
  1 as calls, case when a.usage is null then 1 else 0 end as untold,
  coalesce(cast(a.usage ->> 'inputTokens' as bigint), 0) as input,
  coalesce(cast(a.usage ->> 'outputTokens' as bigint), 0) as output,
  coalesce(cast(a.usage ->> 'reasoningTokens' as bigint), 0) as reasoning,
  coalesce(cast(a.usage ->> 'cachedInputTokens' as bigint), 0) as cached
from run_attempts a join runs r on r.run_id = a.run_id;

-- What calls have cost that are in no run: those of deleted threads, and those for titles (kind title).
create table usage_beside (
    org_id    uuid not null references organisations on delete cascade,
    subject   text not null,
    day       date not null,
    model     text not null,
    agent     text not null,
    kind      text not null check (kind in ('answer', 'title')),
    runs      bigint not null,
    calls     bigint not null,
    untold    bigint not null,
    input     bigint not null,
    output    bigint not null,
    reasoning bigint not null,
    cached    bigint not null,
    primary key (org_id, subject, day, model, agent, kind)
);

-- A call of a tool stands here before it is made, and its outcome in the log: a row without an outcome means that an
-- owner died inside the call. times counts how often it was made.
create table run_calls (
    run_id  uuid not null references runs on delete cascade,
    call_id text not null,
    epoch   bigint not null,
    times   int not null default 1,
    at      timestamptz not null default clock_timestamp(),
    primary key (run_id, call_id)
);

-- What a paused run waits for. asked_idx is what was committed when it paused, and thus seen before the answer.
create table run_questions (
    run_id        uuid not null references runs on delete cascade,
    call_id       text not null,
    kind          text not null check (kind in ('approval', 'tool')),
    question      jsonb not null,
    asked_idx     int not null,
    answer        jsonb,
    primary key (run_id, call_id)
);

create table nodes (
    node_id     text not null,
    boot_id     uuid not null,
    lock_key    bigint not null,
    lock_held   boolean not null,
    renewed_at  timestamptz not null,
    lease_until timestamptz not null,
    started_at  timestamptz not null default clock_timestamp(),
    draining    boolean not null default false,
    drain_asked boolean not null default false,
    load        jsonb not null default '{}',
    url         text,
    primary key (node_id, boot_id)
);

create table api_keys (
    key_id     uuid primary key,
    org_id     uuid not null references organisations on delete cascade,
    hash       bytea not null unique,
    name       text not null,
    subject    text not null,
    role       text not null check (role in ('admin', 'member', 'viewer')),
    scopes     text[] not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    revoked_at timestamptz
);
create index api_keys_of_org on api_keys (org_id);

-- What an organisation brought itself. The key is sealed (package secrets) with org_id and provider_id as associated data.
create table providers (
    provider_id uuid primary key,
    org_id      uuid not null references organisations on delete cascade,
    name        text not null,
    kind        text not null check (kind in ('openai', 'anthropic', 'gemini', 'mistral')),
    base_url    text not null,
    auth        text not null check (auth in ('key', 'none')),
    sealed_key  bytea check (sealed_key is null or auth = 'key'),
    models      text[] not null,
    probe       text not null,
    probed_at   timestamptz not null default clock_timestamp(),
    version     int not null default 1,
    created_at  timestamptz not null default clock_timestamp(),
    unique (org_id, name),
    unique (org_id, provider_id)
);

create table tiers (
    org_id               uuid not null references organisations on delete cascade,
    tier                 text not null check (tier in ('fast', 'smart', 'thinking')),
    provider_id          uuid not null,
    model                text not null,
    fallback_provider_id uuid,
    fallback_model       text,
    primary key (org_id, tier),
    foreign key (org_id, provider_id) references providers (org_id, provider_id),
    foreign key (org_id, fallback_provider_id) references providers (org_id, provider_id),
    check ((fallback_provider_id is null) = (fallback_model is null))
);

create table agents (
    org_id       uuid not null references organisations on delete cascade,
    agent_id     text not null,
    instructions text not null,
    tier         text,
    temperature  double precision,
    history      int check (history >= 1),
    step_limit   int not null default 30 check (step_limit between 1 and 100),
    approval     text not null default 'ask' check (approval in ('auto', 'readonly', 'ask')),
    tools        text[] not null default '{}',
    primary key (org_id, agent_id)
);

-- What an organisation's agents may call. The bearer is sealed with org_id and server_id as associated data.
create table mcp_servers (
    server_id     uuid primary key,
    org_id        uuid not null references organisations on delete cascade,
    name          text not null,
    transport     text not null check (transport in ('http', 'stdio')),
    url           text,
    auth          text not null check (auth in ('bearer', 'none')),
    sealed_bearer bytea check (sealed_bearer is null or auth = 'bearer'),
    command       text,
    args          text[] not null default '{}',
    timeout       interval not null,
    allowed       text[],
    output_bytes  int,
    unique (org_id, name),
    check ((transport = 'http') = (url is not null)),
    check ((transport = 'stdio') = (command is not null))
);

-- What was too large to be shown to a model whole.
create table tool_outputs (
    run_id  uuid not null references runs on delete cascade,
    call_id text not null,
    output  text not null,
    at      timestamptz not null default clock_timestamp(),
    primary key (run_id, call_id)
);

create table tickets (
    hash       bytea primary key,
    org_id     uuid not null,
    subject    text not null,
    role       text not null,
    scopes     text[] not null,
    key_id     uuid,
    until      timestamptz,
    resource   text not null,
    issued_at  timestamptz not null default clock_timestamp(),
    used_at    timestamptz,
    expires_at timestamptz not null
);
create index tickets_expiry on tickets (expires_at);

create table audit (
    audit_id   bigint generated always as identity primary key,
    at         timestamptz not null default clock_timestamp(),
    org_id     uuid,
    subject    text not null,
    action     text not null,
    target     text,
    result     text not null,
    request_id text
);
create index audit_of_org on audit (org_id, audit_id);

create function audit_is_kept() returns trigger language plpgsql as
$$ begin raise exception 'the audit is only ever added to'; end $$;
create trigger audit_is_kept before update or delete on audit for each row execute function audit_is_kept();
