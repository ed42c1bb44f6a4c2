-- migrate: no-transaction
-- Lists read the indexes alone where all rows of a page of the table are known to be seen by everybody.
vacuum (analyze) article_facet
