"""What a worker counts, for Prometheus."""

from __future__ import annotations

from collections import Counter as Tally

from prometheus_client import Counter, Gauge, Histogram

from service.address import site_domain
from service.errors import InvalidRequest

SITES_MAX = 50
TALLIED_MAX = 10_000
OTHER, NO_SITE = "other", ""

ENDED = Counter(
    "broadsheet_ingestion_attempts_total",
    f"Attempts by site, kind and how they ended; of each worker its {SITES_MAX} busiest sites, the"
    f" rest as {OTHER!r}",
    ["site", "kind", "outcome"],
)
STAGE_S = Histogram(
    "broadsheet_ingestion_seconds", "Seconds of an attempt, in all and by stage", ["stage"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)  # fmt: skip
CLAIMED = Counter(
    "broadsheet_claims_total", "Rows claimed, by lane and by what led to them", ["lane", "by"]
)
BUSY = Gauge("broadsheet_slots_busy", "Rows under way in this worker", ["lane"])
LOST = Counter("broadsheet_leases_lost_total", "Leases that ended before their work", ["lane"])


class Busiest:
    """Sites as values of a label, so few that Prometheus keeps up: the ``count`` busiest ones.

    A site that has none takes the name of the least busy one when it is twice as busy; the series
    of that one end then.
    """

    def __init__(self, counter: Counter, count: int = SITES_MAX) -> None:
        self._counter, self._count = counter, count
        self._named: set[str] = set()
        self._tally: Tally[str] = Tally()

    def label(self, url: str | None) -> str:
        """The site of ``url`` or ``OTHER``; ``NO_SITE`` for a page without an address."""
        try:
            site = site_domain(url) if url else NO_SITE
        except InvalidRequest:
            return NO_SITE
        if site == NO_SITE:
            return site
        self._tally[site] += 1
        if len(self._tally) > TALLIED_MAX:
            self._tally = Tally(dict(self._tally.most_common(TALLIED_MAX // 2)))
        return site if site in self._named or self._is_given_a_name(site) else OTHER

    def _is_given_a_name(self, site: str) -> bool:
        if len(self._named) >= self._count:
            least = min(self._named, key=lambda name: self._tally[name])
            if self._tally[site] < 2 * self._tally[least]:
                return False
            self._named.remove(least)
            self._counter.remove_by_labels({"site": least})
        self._named.add(site)
        return True


SITES = Busiest(ENDED)
