"""What a worker counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

ENDED = Counter(
    "broadsheet_ingestion_attempts_total", "Attempts by kind and how they ended",
    ["kind", "outcome"],
)  # fmt: skip
STAGE_S = Histogram(
    "broadsheet_ingestion_seconds", "Seconds of an attempt, in all and by stage", ["stage"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)  # fmt: skip
CLAIMED = Counter(
    "broadsheet_claims_total", "Rows claimed, by lane and by what led to them", ["lane", "by"]
)
BUSY = Gauge("broadsheet_slots_busy", "Rows under way in this worker", ["lane"])
LOST = Counter("broadsheet_leases_lost_total", "Leases that ended before their work", ["lane"])
