-- What the new ones replace.
drop index article_facet_article, article_times;
alter index article_facet_one rename to article_facet_article;
