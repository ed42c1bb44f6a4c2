-- migrate: no-transaction
-- As the primary key, with the masks.
create unique index concurrently if not exists article_facet_masked
  on article_facet (facet_id, sort_at, article_id) include (mask)
