-- Days beside months: of a common word a month of a million articles holds thousands.
drop index article_search_sets;
create index article_search_found on article_search
  using gin (bucket, ((sort_at at time zone 'utc')::date), site_id, facets, tsv,
    ts_filter(tsv, '{a,b}'))
  with (gin_pending_list_limit = 256);
