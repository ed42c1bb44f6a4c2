-- migrate: no-transaction
-- One index answers any mix of month, day, site, facets and words. The last column is the words of
-- headline, standfirst and authors: what an article is about is found before what it mentions.
-- Days beside months: of a common word a month of a million articles holds thousands.
create index concurrently if not exists article_search_found on article_search
  using gin (bucket, ((sort_at at time zone 'utc')::date), site_id, facets, tsv,
    ts_filter(tsv, '{a,b}'))
  with (gin_pending_list_limit = 256)
