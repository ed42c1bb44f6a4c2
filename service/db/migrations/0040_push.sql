-- kind callback: made for the callback_url of ingestions, one a client and address, so that it
-- has the secret, the breaker and the log of any endpoint.
-- open_until: the breaker; no delivery starts before. failures: in a row.
alter table endpoint
  add column kind text not null default 'endpoint' check (kind in ('endpoint', 'callback')),
  add column failures integer not null default 0,
  add column open_until timestamptz,
  add column secret_expires_at timestamptz;
create unique index endpoint_callback on endpoint (client_id, url)
  where kind = 'callback' and deleted_at is null;

create index delivery_turn on delivery (endpoint_id, id) where state = 'queued' and is_ready;
create index delivery_running on delivery (endpoint_id) where state = 'running';

-- A message as it came (body: zstd), also one that was refused after its signature fitted.
alter table inbox
  add column body bytea,
  add column media_type text,
  add column error_code text,
  add column error_detail text,
  add column replays integer not null default 0;
create index inbox_source on inbox (source_id, received_at desc);

alter table source add column secret_expires_at timestamptz;

alter table websub add column lease_s integer not null default 864000;
alter table feed
  add column kind text,
  add column self_url text,
  add column hub_url text,
  add column pushed_at timestamptz,
  add column items_seen integer not null default 0;
