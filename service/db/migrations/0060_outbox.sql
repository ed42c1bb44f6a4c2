-- document: the article as it was when this happened, gzip, where an endpoint wants the full
-- payload; written with the event, so that every try sends the same bytes.
-- is_full: this delivery sends the event's body with that document in it.
alter table event add column document bytea;
alter table event alter column document set storage external;
alter table delivery add column is_full boolean not null default false;

-- Deliveries of before: their full body was put together at the first try.
update delivery d set is_full = true
  from event v, endpoint e
  where v.id = d.event_id and e.id = d.endpoint_id
    and (d.body is not null
      or (d.state in ('queued', 'running') and e.payload = 'full' and v.article_id is not null));
update event v set document = coalesce(
    (select r.body from revision r where r.article_id = v.article_id
      and r.number = (convert_from(v.body, 'UTF8')::json->'data'->>'revision')::int),
    (select doc.body from article_doc doc where doc.id = v.article_id))
  where exists (select from delivery d where d.event_id = v.id and d.is_full);
alter table delivery drop column body;

-- paused_until: what the endpoint itself asked for (Retry-After); a success does not end it, as it
-- ends open_until, the breaker.
alter table endpoint add column paused_until timestamptz;
