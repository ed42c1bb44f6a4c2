-- migrate: no-transaction
-- As article_search_found, with the pairs.
create index concurrently if not exists article_search_paired on article_search
  using gin (bucket, ((sort_at at time zone 'utc')::date), site_id, facets,
    search_words(cfg, tsv, pairs), search_words(cfg, ts_filter(tsv, '{a,b}'), lead_pairs))
  with (gin_pending_list_limit = 256)
