-- One index answers any mix of month, site, facets and words. The last column is the words of
-- headline, standfirst and authors: what an article is about is found before what it mentions.
-- A language is a facet like any other.
alter table facet drop constraint facet_kind_check;
alter table facet add constraint facet_kind_check
  check (kind in ('tag', 'author', 'keyword', 'section', 'has', 'page_kind', 'lang'));
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
drop index article_language;

drop index article_search_tsv;
alter table article_search add column facets integer[] not null default '{}';
-- Words are kept beside the row as they are: to unpack them is what a search would cost.
alter table article_search set (toast_tuple_target = 8160);
alter table article_search alter column tsv set storage external;
update article_search s set tsv = tsv || ''::tsvector, facets = array(
  select facet_id from article_facet where article_id = s.id order by facet_id);
create index article_search_sets on article_search
  using gin (bucket, site_id, facets, tsv, ts_filter(tsv, '{a,b}'))
  with (gin_pending_list_limit = 256);
