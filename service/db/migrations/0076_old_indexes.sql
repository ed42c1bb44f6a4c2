-- What the new ones replace.
drop index article_language;
drop index article_search_tsv;
drop index article_facet_article;
alter index article_facet_pair rename to article_facet_article;
