create table site (
  id          integer generated always as identity primary key,
  domain      text not null unique,
  name        text,
  icon        text,
  created_at  timestamptz not null default now()
);
create index site_domain_trgm on site using gin (domain gin_trgm_ops);

-- What lists filter, sort and show. The document itself is article_doc.
-- sort_at: published_at, else created_at. card: JSON bytes, sent as they are.
-- text_hash: of headline and body text alone; finds the same text at another address.
-- origin_etag, origin_modified: validators for the next conditional fetch of url.
create table article (
  id                 uuid primary key default new_id(),
  url                text,
  canonical_url      text,
  site_id            integer references site,
  page_kind          text not null,
  language           text,
  headline           text,
  section            text,
  published_at       timestamptz,
  modified_at        timestamptz,
  sort_at            timestamptz not null,
  word_count         integer not null,
  has                text[] not null default '{}',
  is_free            boolean,
  paywall            text not null default 'unknown',
  tags               text[] not null default '{}',
  metadata           json not null default '{}',
  cluster_id         uuid,
  feed_id            uuid,
  revision           integer not null check (revision > 0),
  content_hash       bytea not null check (length(content_hash) = 32),
  text_hash          bytea not null check (length(text_hash) = 32),
  snapshot_id        uuid,
  extractor_version  text not null,
  origin_etag        text,
  origin_modified    text,
  card               bytea not null,
  fetched_at         timestamptz not null,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  deleted_at         timestamptz
) with (fillfactor = 90);
create index article_sort on article (sort_at desc, id desc) where deleted_at is null;
create index article_created on article (created_at desc, id desc) where deleted_at is null;
create index article_updated on article (updated_at desc, id desc) where deleted_at is null;
create index article_site on article (site_id, sort_at desc, id desc) where deleted_at is null;
create index article_language on article (language, sort_at desc, id desc)
  where deleted_at is null;
create index article_feed on article (feed_id, sort_at desc, id desc)
  where deleted_at is null and feed_id is not null;
create index article_cluster on article (cluster_id, sort_at desc, id desc)
  where deleted_at is null and cluster_id is not null;
create index article_text on article (site_id, text_hash) where deleted_at is null;
create index article_extractor on article (extractor_version, id) where deleted_at is null;
create index article_deleted on article (deleted_at) where deleted_at is not null;

-- The served document: gzip of the JSON, byte for byte; compressed already.
create table article_doc (
  id    uuid primary key references article on delete cascade,
  etag  text not null,
  body  bytea not null
);
alter table article_doc alter column body set storage external;

-- Identity: the normalised addresses (or hash of an address-less text) under which an article
-- is known. A deleted article gives its keys back.
create table article_key (
  key         text primary key check (length(key) <= 2700),
  article_id  uuid not null references article on delete cascade
);
create index article_key_article on article_key (article_id);

-- A stored change of an article's content; never updated.
create table revision (
  article_id         uuid not null references article on delete cascade,
  number             integer not null check (number > 0),
  content_hash       bytea not null,
  snapshot_id        uuid,
  ingestion_id       uuid,
  extractor_version  text not null,
  body               bytea not null,
  created_at         timestamptz not null default now(),
  primary key (article_id, number)
);
alter table revision alter column body set storage external;

-- Tags, authors, keywords and sections of articles: value is case-folded, label as first seen.
create table facet (
  id     integer generated always as identity primary key,
  kind   text not null check (kind in ('tag', 'author', 'keyword', 'section')),
  value  text not null check (length(value) between 1 and 200),
  label  text not null,
  unique (kind, value)
);
create index facet_value_trgm on facet using gin (value gin_trgm_ops);

create table article_facet (
  facet_id    integer not null references facet,
  sort_at     timestamptz not null,
  article_id  uuid not null references article on delete cascade,
  primary key (facet_id, sort_at, article_id)
);
create index article_facet_article on article_facet (article_id);

-- Full text, newest month first (bucket = year * 12 + month, UTC).
create table article_search (
  id       uuid primary key references article on delete cascade,
  sort_at  timestamptz not null,
  bucket   integer not null,
  site_id  integer not null,
  cfg      regconfig not null,
  tsv      tsvector not null
);
create index article_search_tsv on article_search using gin (bucket, site_id, tsv)
  with (gin_pending_list_limit = 256);

-- The sync log. A row's place is (xid, id); readers stop before the oldest transaction that
-- still runs (pg_snapshot_xmin), so a change committed late is never skipped.
create table change (
  id          bigint generated always as identity primary key,
  xid         xid8 not null default pg_current_xact_id(),
  op          text not null check (op in ('upsert', 'delete')),
  article_id  uuid not null,
  reason      text not null,
  revision    integer,
  created_at  timestamptz not null default now()
);
create index change_position on change (xid, id);
create index change_article on change (article_id, xid desc);
create index change_created on change (created_at);
