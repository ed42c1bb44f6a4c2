-- A row of article_facet is in the order of each time of its article: what is listed by another one
-- than sort_at had to be sorted before. Writers leave the times of rows that are there, and the
-- masks of what they do not write, to the trigger.
alter table article_facet
  add column created_at timestamptz not null default now(),
  add column updated_at timestamptz not null default now();
create or replace function list_sets() returns trigger language plpgsql as $$
declare
  own article;
  site integer;
  sets bigint;
begin
  select * into own from article where id = new.id;
  site := -coalesce(own.site_id, 0);
  sets := set_mask(site) | coalesce((
    select bit_or(set_mask(facet_id)) from article_facet where article_id = new.id), 0);
  insert into article_facet (facet_id, sort_at, article_id, mask, created_at, updated_at)
    values (site, own.sort_at, new.id, sets, own.created_at, own.updated_at)
    on conflict do nothing;
  update article_facet set mask = sets, created_at = own.created_at, updated_at = own.updated_at
    where article_id = new.id
      and (mask, created_at, updated_at) is distinct from (sets, own.created_at, own.updated_at);
  return null;
end
$$;
