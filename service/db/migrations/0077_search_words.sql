-- A word is indexed with a sign of its configuration: what one language makes of a query may be a
-- common word of another, whose rows would be found, read and dropped. Two configurations with
-- the same sign cost time only. (The sign is written out in the second: while an index is made, a
-- function finds nothing of ours.)
create function search_sign(cfg regconfig) returns text
  language sql immutable strict parallel safe
  as $$ select chr(192 + (cfg::oid::bigint % 64)::int) $$;
create function search_words(cfg regconfig, tsv tsvector) returns tsvector
  language sql immutable strict parallel safe
  as $$ select array_to_tsvector(array(
    select chr(192 + (cfg::oid::bigint % 64)::int) || word
    from unnest(tsvector_to_array(tsv)) word)) $$;
