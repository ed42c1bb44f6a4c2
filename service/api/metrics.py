"""Counters of the API process, in the names that ``/metrics`` shows; units are seconds.

Children of a metric are looked up once per (method, path template, status) and kept.
"""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from service.db import Db, gauges

REGISTRY = CollectorRegistry()
"""The API's own: a worker counts other things, under some of the same names."""
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REQUESTS = Counter(
    "broadsheet_http_requests",
    "Requests answered.",
    ["method", "path_template", "status"],
    registry=REGISTRY,
)
DURATION = Histogram(
    "broadsheet_http_request_seconds",
    "From the head of a request to the end of its answer.",
    ["method", "path_template"],
    buckets=BUCKETS_S,
    registry=REGISTRY,
)
REFUSED = Counter(
    "broadsheet_http_refused", "Requests refused before work began.", ["code"], registry=REGISTRY
)
RATE_LIMIT_OPEN = Counter(
    "broadsheet_rate_limit_open",
    "Times that the rate limit let requests pass because Redis was unavailable.",
    registry=REGISTRY,
)

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"


def observe(method: str, template: str, status: int, duration_s: float) -> None:
    """One answer is counted; unknown routes are ``unmatched``, odd methods ``OTHER``."""
    requests, durations = _children(method if method in METHODS else "OTHER", template, status)
    requests.inc()
    durations.observe(duration_s)


@lru_cache(maxsize=2_048)
def _children(method: str, template: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, template, str(status)), DURATION.labels(method, template)


QUEUE_ROWS = Gauge(
    "broadsheet_queue_rows", f"Rows by lane and state, up to {gauges.COUNT_MAX:,}.",
    ["lane", "state"], multiprocess_mode="mostrecent", registry=REGISTRY,
)  # fmt: skip
QUEUE_AGE = Gauge(
    "broadsheet_queue_age_seconds", "How long the row that is next in line has been due.",
    ["lane"], multiprocess_mode="mostrecent", registry=REGISTRY,
)  # fmt: skip
CONNECTIONS = Gauge(
    "broadsheet_database_connections", "Connections of this process's pool.",
    ["state"], multiprocess_mode="livesum", registry=REGISTRY,
)  # fmt: skip
DATABASE_UP = Gauge(
    "broadsheet_database_up", "1 when Postgres answered the last look.",
    multiprocess_mode="mostrecent", registry=REGISTRY,
)  # fmt: skip


async def measure_store(db: Db) -> None:
    """The gauges of queue and pool are those of now; raises ``DatabaseUnavailable``."""
    CONNECTIONS.labels("open").set(db.connections_open)
    CONNECTIONS.labels("idle").set(db.connections_idle)
    for queue in await gauges.queues(db):
        QUEUE_AGE.labels(queue.lane).set(queue.age_s)
        for state in ("ready", "delayed", "running"):
            QUEUE_ROWS.labels(queue.lane, state).set(getattr(queue, state))
    DATABASE_UP.set(1)
