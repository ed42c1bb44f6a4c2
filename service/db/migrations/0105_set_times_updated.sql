-- migrate: no-transaction
-- As the primary key, in the order of update.
create unique index concurrently if not exists article_facet_updated
  on article_facet (facet_id, updated_at, article_id) include (mask)
