-- What the facets replace.
drop index article_feed;
