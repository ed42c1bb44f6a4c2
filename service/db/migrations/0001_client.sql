-- Extensions are the trusted ones of contrib: a database owner may create them.
create extension if not exists btree_gin;
create extension if not exists unaccent;
create extension if not exists pg_trgm;

-- new_id() is a UUID version 7 (RFC 9562): ordered by time. PostgreSQL 18 has it built in.
do $$
begin
  if current_setting('server_version_num')::int >= 180000 then
    create function new_id() returns uuid language sql volatile parallel safe
      return uuidv7();
  else
    create function new_id() returns uuid language sql volatile parallel safe
      return encode(
        set_bit(set_bit(overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6), 52, 1), 53, 1), 'hex')::uuid;
  end if;
end
$$;

create table client (
  id          uuid primary key default new_id(),
  name        text not null check (length(name) between 1 and 200),
  created_at  timestamptz not null default now(),
  deleted_at  timestamptz
);

-- A client may hold several keys, so that it can change them without a pause.
-- hash: HMAC-SHA-256 of the key under the service's secret; the key itself is stored nowhere.
create table client_key (
  id            uuid primary key default new_id(),
  client_id     uuid not null references client on delete cascade,
  prefix        text not null,
  hash          bytea not null unique check (length(hash) = 32),
  scopes        text[] not null
    check (scopes <@ array['ingest', 'read', 'source', 'hooks', 'admin']),
  created_at    timestamptz not null default now(),
  last_used_at  timestamptz,
  expires_at    timestamptz,
  revoked_at    timestamptz
);
create index client_key_client on client_key (client_id);

-- The first answer to a POST that carried an Idempotency-Key, written with what it answers.
create table idempotency (
  client_id     uuid not null references client on delete cascade,
  key           text not null check (length(key) between 1 and 255),
  request_hash  bytea not null check (length(request_hash) = 32),
  status        smallint not null,
  headers       json not null,
  body          bytea not null,
  created_at    timestamptz not null default now(),
  primary key (client_id, key)
);
create index idempotency_created on idempotency (created_at);
