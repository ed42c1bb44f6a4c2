-- migrate: no-transaction
-- Five hundred articles at a time, under lock, so that nobody waits long; what was done stays done.
do $$
declare
  done uuid := '00000000-0000-0000-0000-000000000000';
  until uuid;
begin
  loop
    until := (select id from article where id > done order by id offset 499 limit 1);
    perform from article where id > done and (until is null or id <= until)
      and deleted_at is null order by id for share;
    update article_facet f set created_at = a.created_at, updated_at = a.updated_at
      from article a
      where a.id = f.article_id and a.id > done and (until is null or a.id <= until)
        and (f.created_at, f.updated_at) is distinct from (a.created_at, a.updated_at);
    commit;
    exit when until is null;
    done := until;
  end loop;
end
$$
