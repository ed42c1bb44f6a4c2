-- migrate: no-transaction
-- Whether an article has a facet is one look into an index.
create index concurrently if not exists article_facet_pair on article_facet (article_id, facet_id)
