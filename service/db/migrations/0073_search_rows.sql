-- migrate: no-transaction
-- Two thousand rows at a time, so that nobody waits; what was done stays done.
do $$
declare
  done uuid := '00000000-0000-0000-0000-000000000000';
  until uuid;
begin
  loop
    until := (select id from article_search where id > done order by id offset 1999 limit 1);
    update article_search s set tsv = tsv || ''::tsvector, facets = array(
        select facet_id from article_facet where article_id = s.id order by facet_id)
      where id > done and (until is null or id <= until) and facets = '{}';
    commit;
    exit when until is null;
    done := until;
  end loop;
end
$$
