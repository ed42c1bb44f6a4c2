-- Which past the places of the sync log belong to. A restored database begins a new one
-- (service/db/restored.py), and cursors of another are told that they are too old.
alter table change_horizon add column epoch bigint not null default 0;
