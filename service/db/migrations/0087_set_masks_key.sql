-- What the new one replaces.
alter table article_facet drop constraint article_facet_pkey,
  add constraint article_facet_pkey primary key using index article_facet_masked;
