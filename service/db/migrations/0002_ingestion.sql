create table batch (
  id            uuid primary key default new_id(),
  client_id     uuid not null references client on delete cascade,
  total         integer not null check (total >= 0),
  created_at    timestamptz not null default now(),
  completed_at  timestamptz
);
create index batch_open on batch (id) where completed_at is null;

-- Original bytes, zstd; compressed already, so stored outside the row as they are.
create table snapshot (
  id             uuid primary key default new_id(),
  ingestion_id   uuid not null,
  url            text,
  status         smallint,
  headers        json not null default '{}',
  media_type     text not null,
  charset        text,
  sha256         bytea not null check (length(sha256) = 32),
  content_bytes  integer not null check (content_bytes >= 0),
  content        bytea not null,
  fetched_at     timestamptz not null default now()
);
alter table snapshot alter column content set storage external;
create index snapshot_fetched on snapshot (fetched_at);

-- A request to make an article, and the job that does it. The row is the promise: whatever
-- happens to Redis, a queued row that is due is worked on.
-- turn: place in the fair order of its priority (see service/db/ingestions.py).
-- is_ready: false while a retry waits for due_at, so that waiting rows cost the claim nothing.
-- fence: grows with each claim; a worker may finish only the claim it holds.
create table ingestion (
  id             uuid primary key default new_id(),
  client_id      uuid not null references client on delete cascade,
  batch_id       uuid,
  source_id      uuid,
  feed_id        uuid,
  kind           text not null check (kind in ('url', 'html', 'text')),
  requested_url  text check (length(requested_url) <= 8192),
  identity_key   text,
  snapshot_id    uuid,
  state          text not null default 'queued'
    check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  stage          text not null default 'accepted'
    check (stage in ('accepted', 'fetch', 'parse', 'store', 'finished')),
  priority       smallint not null default 1 check (priority between 0 and 2),
  turn           bigint not null default 0,
  is_ready       boolean not null default true,
  attempt        smallint not null default 0 check (attempt >= 0),
  attempts_max   smallint not null default 5 check (attempts_max > 0),
  parser_deaths  smallint not null default 0,
  deferrals      integer not null default 0,
  due_at         timestamptz not null default now(),
  lease_until    timestamptz,
  fence          bigint not null default 0,
  worker         text,
  outcome        text check (outcome in
    ('created', 'updated', 'unchanged', 'duplicate', 'kept_previous', 'rejected')),
  article_id     uuid,
  revision       integer,
  page_kind      text,
  error_code     text,
  error_detail   text,
  client_ref     text check (length(client_ref) <= 255),
  metadata       json,
  callback_url   text check (length(callback_url) <= 8192),
  options        json,
  traceparent    text,
  created_at     timestamptz not null default now(),
  started_at     timestamptz,
  finished_at    timestamptz,
  constraint input check (
    case kind when 'url' then requested_url is not null else snapshot_id is not null end),
  constraint leased check ((state = 'running') = (lease_until is not null)),
  constraint worked check (state <> 'running' or (worker is not null and started_at is not null)),
  constraint finished check (
    (state in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null)),
  constraint succeeded check (state <> 'succeeded' or (
    article_id is not null and outcome in ('created', 'updated', 'unchanged', 'duplicate'))),
  constraint failed check (state <> 'failed' or error_code is not null),
  constraint open check (finished_at is not null or outcome is null)
) with (fillfactor = 80);

create index ingestion_turn on ingestion (priority, turn, id) where state = 'queued' and is_ready;
create index ingestion_client_turn on ingestion (client_id, priority, turn desc)
  where state = 'queued' and is_ready;
create index ingestion_due on ingestion (due_at) where state = 'queued' and not is_ready;
create index ingestion_lease on ingestion (lease_until) where state = 'running';
create index ingestion_client on ingestion (client_id, id desc);
create index ingestion_batch on ingestion (batch_id, id) where batch_id is not null;
create index ingestion_failed on ingestion (client_id, id desc) where state = 'failed';

-- One claim of one ingestion and how it ended; deferrals leave none.
create table attempt (
  ingestion_id  uuid not null references ingestion on delete cascade,
  fence         bigint not null,
  number        smallint not null,
  stage         text not null,
  worker        text,
  started_at    timestamptz not null,
  duration_ms   integer not null,
  http_status   smallint,
  content_bytes integer,
  error_code    text,
  error_detail  text,
  is_retryable  boolean,
  primary key (ingestion_id, fence)
);
