-- A stop word may be all that is asked for: "The Who", WHO. Those of headlines are indexed, by
-- configurations without stop words. Articles of before have theirs when they are extracted anew.
do $$
declare
  stemmer text;
begin
  for stemmer in select substr(cfgname, 4) from pg_ts_config c
    where cfgname like 'bs\_%' and cfgname <> 'bs_simple' and pg_ts_config_is_visible(c.oid)
  loop
    execute format('create text search dictionary bs_%1$s_all (template = snowball,'
      ' language = %1$s)', stemmer);
    execute format('create text search configuration bs_%1$s_all (copy = bs_%1$s)', stemmer);
    execute format('alter text search configuration bs_%1$s_all'
      ' alter mapping replace %1$s_stem with bs_%1$s_all', stemmer);
  end loop;
end
$$;
-- The configuration with stop words of one without, if there is one.
create function search_all(cfg regconfig) returns regconfig
  language sql stable strict parallel safe
  as $$ select coalesce((
    select a.oid::regconfig from pg_ts_config c join pg_ts_config a
      on a.cfgname = c.cfgname || '_all' and a.cfgnamespace = c.cfgnamespace
    where c.oid = cfg), cfg) $$;
