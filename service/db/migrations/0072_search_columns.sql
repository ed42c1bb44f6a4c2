-- Words are kept beside the row as they are: to unpack them is what a search would cost.
alter table article_search add column facets integer[] not null default '{}';
alter table article_search set (toast_tuple_target = 8160);
alter table article_search alter column tsv set storage external;
