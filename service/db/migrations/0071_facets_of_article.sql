-- Whether an article has a facet is one look into an index.
drop index article_facet_article;
create index article_facet_article on article_facet (article_id, facet_id);
