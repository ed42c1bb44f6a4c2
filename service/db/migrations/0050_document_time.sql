-- When the served document last changed: its Last-Modified.
alter table article_doc add column updated_at timestamptz not null default now();
