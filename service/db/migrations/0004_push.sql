-- What happened; immutable. client_id is null for what every client may see.
-- body: the exact bytes of the thin payload.
create table event (
  id            uuid primary key default new_id(),
  type          text not null,
  client_id     uuid references client on delete cascade,
  article_id    uuid,
  ingestion_id  uuid,
  body          bytea not null,
  created_at    timestamptz not null default now()
);
create index event_created on event (created_at, id);

-- Where we send events. secrets: encrypted, newest first; all of them sign.
create table endpoint (
  id               uuid primary key default new_id(),
  client_id        uuid not null references client on delete cascade,
  url              text not null check (length(url) <= 8192),
  description      text,
  event_types      text[] not null default '{}',
  filter           json,
  payload          text not null default 'thin' check (payload in ('thin', 'full')),
  secrets          bytea[] not null,
  state            text not null default 'enabled' check (state in ('enabled', 'disabled')),
  disabled_reason  text,
  failing_since    timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  deleted_at       timestamptz
);
create index endpoint_client on endpoint (client_id, id) where deleted_at is null;

-- One event to one endpoint, or to the callback_url of one ingestion (endpoint_id is null).
-- body: the exact bytes to send where they differ from the event's.
create table delivery (
  id            uuid primary key default new_id(),
  event_id      uuid not null references event on delete cascade,
  endpoint_id   uuid references endpoint on delete cascade,
  client_id     uuid not null references client on delete cascade,
  url           text not null,
  body          bytea,
  state         text not null default 'queued'
    check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  is_ready      boolean not null default true,
  attempt       smallint not null default 0,
  due_at        timestamptz not null default now(),
  lease_until   timestamptz,
  fence         bigint not null default 0,
  worker        text,
  http_status   smallint,
  error_code    text,
  error_detail  text,
  created_at    timestamptz not null default now(),
  finished_at   timestamptz,
  constraint leased check ((state = 'running') = (lease_until is not null)),
  constraint finished check (
    (state in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null))
) with (fillfactor = 80);
create index delivery_ready on delivery (id) where state = 'queued' and is_ready;
create index delivery_due on delivery (due_at) where state = 'queued' and not is_ready;
create index delivery_lease on delivery (lease_until) where state = 'running';
create index delivery_endpoint on delivery (endpoint_id, id desc);
create index delivery_event on delivery (event_id);
create index delivery_created on delivery (created_at);

create table delivery_attempt (
  delivery_id   uuid not null references delivery on delete cascade,
  fence         bigint not null,
  number        smallint not null,
  started_at    timestamptz not null,
  duration_ms   integer not null,
  http_status   smallint,
  response      text,
  error_code    text,
  error_detail  text,
  primary key (delivery_id, fence)
);

-- A registered sender of signed webhooks; secrets encrypted, two while rotating.
create table source (
  id          uuid primary key default new_id(),
  client_id   uuid not null references client on delete cascade,
  name        text not null check (length(name) between 1 and 200),
  verifier    json not null,
  mapping     json not null,
  secrets     bytea[] not null default '{}',
  options     json,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  deleted_at  timestamptz
);
create index source_client on source (client_id, id) where deleted_at is null;

-- What a source sent: one row per message id, with the first answer for replays.
create table inbox (
  source_id     uuid not null references source on delete cascade,
  message_id    text not null check (length(message_id) <= 255),
  body_hash     bytea not null,
  status        smallint not null,
  answer        bytea not null,
  ingestions    uuid[] not null default '{}',
  received_at   timestamptz not null default now(),
  primary key (source_id, message_id)
);
create index inbox_received on inbox (received_at);

create table feed (
  id              uuid primary key default new_id(),
  client_id       uuid not null references client on delete cascade,
  url             text not null check (length(url) <= 8192),
  identity_key    text not null,
  title           text,
  site_url        text,
  language        text,
  options         json,
  state           text not null default 'active'
    check (state in ('active', 'failing', 'gone', 'paused')),
  etag            text,
  last_modified   text,
  content_hash    bytea,
  interval_s      integer not null default 900 check (interval_s between 60 and 604800),
  failures        integer not null default 0,
  error_code      text,
  error_detail    text,
  due_at          timestamptz not null default now(),
  lease_until     timestamptz,
  fence           bigint not null default 0,
  worker          text,
  polled_at       timestamptz,
  changed_at      timestamptz,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  deleted_at      timestamptz
);
create unique index feed_identity on feed (client_id, identity_key) where deleted_at is null;
create index feed_due on feed (due_at) where deleted_at is null and state in ('active', 'failing');

-- Items already seen in a feed; item_hash is of guid, else url, else content.
create table feed_item (
  feed_id       uuid not null references feed on delete cascade,
  item_hash     bytea not null,
  content_hash  bytea,
  url           text,
  ingestion_id  uuid,
  seen_at       timestamptz not null default now(),
  primary key (feed_id, item_hash)
);

create table websub (
  id           uuid primary key default new_id(),
  feed_id      uuid not null unique references feed on delete cascade,
  token        text not null unique,
  hub_url      text not null,
  topic_url    text not null,
  secret       bytea not null,
  state        text not null default 'pending'
    check (state in ('pending', 'active', 'denied', 'expired')),
  expires_at   timestamptz,
  due_at       timestamptz not null default now(),
  failures     integer not null default 0,
  error_detail text,
  received_at  timestamptz,
  created_at   timestamptz not null default now()
);
create index websub_due on websub (due_at);
