-- migrate: no-transaction
-- Five hundred articles at a time, under lock, so that nobody waits long; what was done stays done.
do $$
declare
  done uuid := '00000000-0000-0000-0000-000000000000';
  until uuid;
begin
  loop
    until := (select id from article where id > done order by id offset 499 limit 1);
    insert into article_facet (facet_id, sort_at, article_id)
      select -coalesce(site_id, 0), sort_at, id from article
      where id > done and (until is null or id <= until) and deleted_at is null for share
      on conflict do nothing;
    update article_facet f set mask = made.mask
      from (select article_id, bit_or(set_mask(facet_id)) as mask from article_facet
        where article_id > done and (until is null or article_id <= until)
        group by article_id) made
      where f.article_id = made.article_id and f.mask <> made.mask;
    commit;
    exit when until is null;
    done := until;
  end loop;
end
$$
