-- A feed is a facet like any other, of every article that it has, also if another had it first.
-- feed_ids: the first one first. feed_id stays for processes of before.
alter table facet drop constraint facet_kind_check;
alter table facet add constraint facet_kind_check check (kind in (
  'tag', 'author', 'keyword', 'section', 'has', 'page_kind', 'lang', 'feed_id'));
alter table article add column feed_ids uuid[] not null default '{}';
-- Of an article that was known: the feed that has it too.
alter table event add column feed_id uuid;
