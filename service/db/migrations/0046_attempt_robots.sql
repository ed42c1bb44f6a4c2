-- What robots.txt said to an attempt that fetched: kept, so that obedience can be shown.
alter table attempt add column robots text
  check (robots in ('obeyed', 'absent', 'ignored', 'unreachable', 'denied'));
