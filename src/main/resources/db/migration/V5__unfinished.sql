-- With statistics from a moment in which nothing waited, all indexes of what is not finished look equally small. PostgreSQL then
-- may look for one run by reading any of them from end to end, every run that waits, and not by its key. So each can be used
-- only by whoever names its first column: "is not null" says nothing about the rows here and all about the question.
-- Nothing of runs is read or written meanwhile, and nobody shall wait behind a node that waits, as for a dump.
set local lock_timeout = '5s';
drop index runs_seat, runs_ready, runs_running, runs_running_of_org, runs_unfinished, runs_unfinished_of_org;
create unique index runs_seat on runs (thread_id)
    where state in ('READY', 'RUNNING', 'PAUSED') and thread_id is not null;
create index runs_ready on runs (org_id, ready_at) where state = 'READY' and org_id is not null;
create index runs_running on runs (owner, owner_boot) where state = 'RUNNING' and owner is not null;
create index runs_running_of_org on runs (org_id) where state = 'RUNNING' and org_id is not null;
create index runs_unfinished on runs (thread_id, turn) where finished_at is null and thread_id is not null;
create index runs_unfinished_of_org on runs (org_id) where finished_at is null and org_id is not null;
