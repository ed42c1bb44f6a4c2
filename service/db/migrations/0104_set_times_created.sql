-- migrate: no-transaction
-- As the primary key, in the order of creation.
create unique index concurrently if not exists article_facet_created
  on article_facet (facet_id, created_at, article_id) include (mask)
