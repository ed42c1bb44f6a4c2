-- What the new one replaces. ANALYZE makes no words of its sample: their statistics decide nothing.
-- search_words(cfg, tsv) stays for processes of before.
drop index article_search_found;
alter index article_search_paired rename to article_search_found;
alter index article_search_found alter column 2 set statistics 0;
alter index article_search_found alter column 5 set statistics 0;
alter index article_search_found alter column 6 set statistics 0;
