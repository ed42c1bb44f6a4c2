create index ingestion_batch_open on ingestion (batch_id)
  where batch_id is not null and finished_at is null;
create index ingestion_finished on ingestion (finished_at) where finished_at is not null;
