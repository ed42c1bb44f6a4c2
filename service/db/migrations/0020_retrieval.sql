-- What lists filter by is a facet: one row per article and value, in the order of lists.
alter table facet drop constraint facet_kind_check;
alter table facet add constraint facet_kind_check
  check (kind in ('tag', 'author', 'keyword', 'section', 'has', 'page_kind'));

-- A configuration per stemmer, without accents: "bs_french" finds "élevé" by "eleves".
create text search configuration bs_simple (copy = simple);
alter text search configuration bs_simple
  alter mapping for hword, hword_part, word with unaccent, simple;
do $$
declare
  stemmer text;
begin
  foreach stemmer in array array['arabic', 'armenian', 'basque', 'catalan', 'danish', 'dutch',
    'english', 'finnish', 'french', 'german', 'greek', 'hindi', 'hungarian', 'indonesian',
    'irish', 'italian', 'lithuanian', 'nepali', 'norwegian', 'portuguese', 'romanian', 'russian',
    'serbian', 'spanish', 'swedish', 'tamil', 'turkish', 'yiddish']
  loop
    if exists (select from pg_ts_config where cfgname = stemmer) then
      execute format('create text search configuration bs_%1$s (copy = %1$s)', stemmer);
      execute format('alter text search configuration bs_%1$s alter mapping for hword, hword_part,'
        ' word with unaccent, %1$s_stem', stemmer);
    end if;
  end loop;
end
$$;

-- Months (year * 12 + month) in which there is something to find, and configurations in use.
create table search_bucket (bucket integer primary key);
create table search_config (cfg regconfig primary key);

-- Same story: a MinHash signature (128 x 4 bytes) and the hashes of its 32 bands.
create table article_likeness (
  id         uuid primary key references article on delete cascade,
  sort_at    timestamptz not null,
  bands      integer[] not null,
  signature  bytea not null
);
create index article_likeness_bands on article_likeness using gin (bands);

-- The last place of the sync log that was pruned: an older cursor has missed something.
create table change_horizon (
  only_one  boolean primary key default true check (only_one),
  xid       xid8 not null default '0',
  id        bigint not null default 0
);
insert into change_horizon default values;
create function note_horizon() returns trigger language plpgsql as $$
begin
  update change_horizon h set xid = p.xid, id = p.id
  from (select xid, id from pruned order by xid desc, id desc limit 1) p
  where (p.xid, p.id) > (h.xid, h.id);
  return null;
end
$$;
create trigger change_pruned after delete on change
  referencing old table as pruned for each statement execute function note_horizon();
