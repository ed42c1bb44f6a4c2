-- migrate: no-transaction
-- The rows were written anew, which has doubled it.
reindex index concurrently article_facet_pkey
