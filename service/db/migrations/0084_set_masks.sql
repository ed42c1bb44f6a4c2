-- A row of article_facet tells by 64 bits which other sets its article is in, so that a list of two
-- sets looks up only what may fit. Rows start with all bits, which fit anything.
alter table article_facet add column mask bigint not null default -1;
-- A site is a set, too: its number is negative there, 0 stands for none.
alter table article_facet drop constraint article_facet_facet_id_fkey;
create function set_mask(id integer) returns bigint
  language sql immutable strict parallel safe
  as $$ select 1::bigint << (id::bigint * 2654435761 >> 10 & 63)::int
    | 1::bigint << (id::bigint * 2654435761 >> 20 & 63)::int $$;
-- The row of an article's site and the masks of all its rows, whoever writes them: processes of
-- before know neither. The row of article_search is the last that is written of an article.
create function list_sets() returns trigger language plpgsql as $$
declare
  site integer;
  at timestamptz;
  sets bigint;
begin
  select -coalesce(site_id, 0), sort_at, set_mask(-coalesce(site_id, 0)) | coalesce((
      select bit_or(set_mask(facet_id)) from article_facet where article_id = new.id), 0)
    into site, at, sets from article where id = new.id;
  insert into article_facet (facet_id, sort_at, article_id, mask) values (site, at, new.id, sets)
    on conflict do nothing;
  update article_facet set mask = sets where article_id = new.id and mask <> sets;
  return null;
end
$$;
create trigger article_search_listed after insert or update of facets on article_search
  for each row execute function list_sets();
