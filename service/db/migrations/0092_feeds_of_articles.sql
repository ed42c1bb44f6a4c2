-- migrate: no-transaction
-- The feeds of the articles that are there, by what is still known: the feed that had it first, the
-- ingestions that have not been pruned, and the addresses of feed items. Five hundred at a time,
-- under lock, so that nobody waits long; what was done stays done.
do $$
declare
  done uuid := '00000000-0000-0000-0000-000000000000';
  until uuid;
begin
  drop table if exists had;
  create temporary table had as
    select article_id, feed_id, min(rank) as rank from (
      select id as article_id, feed_id, 0 as rank from article
        where feed_id is not null and deleted_at is null
      union all
      select article_id, feed_id, 1 from ingestion
        where feed_id is not null and article_id is not null
      union all
      select a.id, i.feed_id, 2 from feed_item i join article a on a.url = i.url
        where a.deleted_at is null) seen
    group by article_id, feed_id;
  create index on had (article_id);
  insert into facet (kind, value, label)
    select distinct 'feed_id', feed_id::text, feed_id::text from had on conflict do nothing;
  loop
    until := (select article_id from (
        select distinct article_id from had where article_id > done order by article_id limit 500) n
      order by article_id desc limit 1);
    exit when until is null;
    perform from article where id > done and id <= until and id in (select article_id from had)
      order by id for update;
    update article a set feed_ids = a.feed_ids || array(
        select feed_id from had where article_id = a.id and feed_id <> all(a.feed_ids)
        order by rank, feed_id)
      where id in (select article_id from had where article_id > done and article_id <= until)
        and deleted_at is null;
    insert into article_facet (facet_id, sort_at, article_id)
      select f.id, a.sort_at, a.id
      from article a, unnest(a.feed_ids) feed_id
        join facet f on f.kind = 'feed_id' and f.value = feed_id::text
      where a.id in (select article_id from had where article_id > done and article_id <= until)
        and a.deleted_at is null
      on conflict do nothing;
    update article_search s set facets = array(
        select facet_id from article_facet
        where article_id = s.id and facet_id > 0 order by facet_id)
      where id in (select article_id from had where article_id > done and article_id <= until);
    commit;
    done := until;
  end loop;
  drop table had;
end
$$
