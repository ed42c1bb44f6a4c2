-- migrate: no-transaction
-- As article_search_found, of signed words. The last column is what an article is about.
create index concurrently if not exists article_search_signed on article_search
  using gin (bucket, ((sort_at at time zone 'utc')::date), site_id, facets,
    search_words(cfg, tsv), search_words(cfg, ts_filter(tsv, '{a,b}')))
  with (gin_pending_list_limit = 256)
