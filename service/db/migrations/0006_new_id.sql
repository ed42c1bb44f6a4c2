-- Before PostgreSQL 18: ids of one millisecond in the order of their making, as uuidv7() has them
-- (RFC 9562, 6.2 method 3: twelve bits of the fraction of the millisecond follow the version).
do $$
begin
  if current_setting('server_version_num')::int < 180000 then
    create or replace function new_id() returns uuid language sql volatile parallel safe as $f$
      select encode(
        substring(int8send(us / 1000) from 3)
        || int2send((28672 + (us % 1000) * 4096 / 1000)::smallint)
        || substring(uuid_send(gen_random_uuid()) from 9), 'hex')::uuid
      from (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us) clock
    $f$;
  end if;
end
$$;
