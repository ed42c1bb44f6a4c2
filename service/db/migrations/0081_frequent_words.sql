-- Of words that many articles hold a phrase is rare, though all its words are common: each row
-- would be read. So pairs of frequent words that follow each other are indexed like words, in rows
-- written since both were listed. A pair is a number; those below 32768 are generations of the
-- list, and each row has the one that it was written with (none: 0). Of rows of older ones the two
-- words are asked for.
create table search_frequent (
  word        text primary key,
  number      integer generated always as identity unique check (number between 1 and 32767),
  generation  integer not null check (generation between 1 and 32767)
);
create index search_frequent_generation on search_frequent (generation);
create function search_pair(a integer, b integer) returns integer
  language sql immutable strict parallel safe as $$ select a * 32768 + b $$;
-- lead_pairs: of headline, standfirst and authors alone.
alter table article_search add column pairs integer[], add column lead_pairs integer[];
alter table article_search alter column pairs set statistics 0;
alter table article_search alter column lead_pairs set statistics 0;
create function search_pairs(tsv tsvector) returns integer[]
  language plpgsql stable parallel safe
  as $$
declare newest integer := (
  select generation from search_frequent order by generation desc limit 1);
begin
  return case when newest is not null then (
    with frequent as materialized (
      select f.number, place
      from unnest(tsv) w join search_frequent f on f.word = w.lexeme, unnest(w.positions) place
    )
    select newest || array(
      select distinct search_pair(a.number, b.number)
      from frequent a join frequent b on b.place = a.place + 1)
  ) end;
end
$$;
-- Words and pairs as they are indexed: 'strike' as 'Àstrike', the pair 32770 as 'À 32770'. (By way
-- of text, which is a third cheaper than by way of arrays; no word has a blank in it.)
create function search_words(cfg regconfig, tsv tsvector, pairs integer[]) returns tsvector
  language plpgsql immutable parallel safe
  as $$
begin
  return replace(
    ' ' || strip(tsv)::text || ' '' ' || coalesce(array_to_string(pairs, ''' '' '), '0') || '''',
    ' ''', ' ''' || chr(192 + (cfg::oid::bigint % 64)::int))::tsvector;
end
$$;
