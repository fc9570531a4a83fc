-- What users attach to their messages. thread_id is null until a message refers to it; what stays so is swept after a day.
create table files (
    file_id    uuid primary key,
    org_id     uuid not null references organisations on delete cascade,
    subject    text not null,
    thread_id  uuid references threads on delete cascade,
    name       text not null,
    media_type text not null,
    size       int not null check (size > 0),
    content    bytea not null,
    created_at timestamptz not null default clock_timestamp()
);
-- Pictures and PDFs are packed already, and texts are small.
alter table files alter column content set storage external;
create index files_of_thread on files (thread_id) where thread_id is not null;
create index files_unsent on files (org_id, subject, created_at) where thread_id is null;
create index files_of_organisation on files (org_id) include (size);
