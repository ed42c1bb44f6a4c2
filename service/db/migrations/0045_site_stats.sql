-- host_of('news.example.com:8080/a?b') is 'moc.elpmaxe.swen': hosts of one domain lie together,
-- so that what was fetched from a site is a range of an index.
create function host_of(identity_key text) returns text
  language sql immutable strict parallel safe
  return reverse(split_part(split_part(identity_key, '/', 1), ':', 1)) collate "C";

create index ingestion_site on ingestion (host_of(identity_key) collate "C", finished_at desc)
  where kind = 'url';
