-- migrate: no-transaction
-- The times of an article by its id, without its row: a set is sorted by them before any is read.
create index concurrently if not exists article_times
  on article (id) include (created_at, updated_at) where deleted_at is null
