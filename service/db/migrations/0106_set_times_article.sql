-- migrate: no-transaction
-- The sets of an article. Whether it is in one is seen in the indexes of lists; of ids that repeat
-- the index keeps each once, so it has a quarter of the size of one with both.
create index concurrently if not exists article_facet_one on article_facet (article_id)
