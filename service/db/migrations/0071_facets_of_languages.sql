-- Rows are added only, so nobody who reads or writes waits for this.
create temporary table spoken as
  select distinct language, v.value
  from article, lateral (values (lower(language)), (lower(split_part(language, '-', 1)))) v (value)
  where language is not null and deleted_at is null;
insert into facet (kind, value, label)
  select 'lang', value, min(language) from spoken group by value on conflict do nothing;
insert into article_facet (facet_id, sort_at, article_id)
  select f.id, a.sort_at, a.id from article a
  join spoken using (language) join facet f on f.kind = 'lang' and f.value = spoken.value
  where a.deleted_at is null
  on conflict do nothing;
drop table spoken;
