-- How the pages of a site are read, in the ftr-site-config format; the nearest domain's applies.
create table site_rule (
  domain      text primary key check (length(domain) between 1 and 253),
  text        text not null check (length(text) between 1 and 65536),
  revision    integer not null default 1,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now()
);
