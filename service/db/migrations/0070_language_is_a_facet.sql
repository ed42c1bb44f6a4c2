-- A language is a facet like any other.
alter table facet drop constraint facet_kind_check;
alter table facet add constraint facet_kind_check
  check (kind in ('tag', 'author', 'keyword', 'section', 'has', 'page_kind', 'lang'));
