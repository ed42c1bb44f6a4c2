"""/v1/sites: how fetching from a site goes, and what holds it back."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import delete, get, put
from litestar.params import FromPath
from msgspec import Meta, Struct
from msgspec.structs import asdict

from service import ingest
from service.address import site_domain
from service.api.request import ApiRequest
from service.api.v1.schema import Failure, Input
from service.db import site_rules, sites
from service.db.site_rules import SiteRule
from service.db.sites import Failure as SiteFailureRow
from service.db.sites import Tally
from service.errors import InvalidRequest, NotFound, UrlForbidden
from service.extract.rules import read_rule
from service.fetch.client import Fetcher
from service.fetch.host_book import FAILURES_TO_OPEN
from service.fetch.url import parse
from service.ingest import Trial

WINDOW_DAYS = 7
FAILURES_MAX = 20
HOSTS_MAX = 20
_DOMAIN = re.compile(r"[^\s/?#@\\]{1,253}\Z")


class RobotsOut(Struct, kw_only=True):
    """The state of a host's robots.txt; ``unknown`` until a page of the host was fetched."""

    state: Literal["obeyed", "absent", "unreachable", "unknown"]
    status: int | None = None


class HostOut(Struct, kw_only=True):
    """The present state of a host; seconds are from now.

    The ``breaker`` opens after repeated failures: nothing is fetched from the host for
    ``opens_after_s``, then one request tests it.
    """

    host: str
    robots: RobotsOut
    breaker: Literal["closed", "open", "testing"]
    failures_in_a_row: int
    opens_after_s: float
    next_visit_after_s: float
    crawl_delay_s: float
    in_flight: int


class SiteFailure(Struct, kw_only=True):
    """An ingestion of the caller that failed."""

    ingestion_id: UUID
    url: str
    error: Failure
    at: datetime


class SiteOut(Struct, kw_only=True):
    """A site: counts are of URLs fetched in the last ``window_days`` days for all clients,
    ``last_failures`` are the caller's own. ``success_rate`` is null before the first result."""

    domain: str
    article_count: int
    window_days: int
    succeeded: int
    failed: int
    pending: int
    success_rate: float | None
    last_success_at: datetime | None
    failures_by_code: dict[str, int]
    last_failures: list[SiteFailure]
    hosts: list[HostOut]


class SiteRuleIn(Input, kw_only=True):
    """A rule in the ftr-site-config format. With ``force`` it applies even if a trial fails; with
    ``dry_run`` it is only tried."""

    text: Annotated[str, Meta(min_length=1, max_length=65_536)]
    force: bool = False
    dry_run: bool = False


class TrialOut(Struct, kw_only=True):
    """A page read without and with the rule: a stored one of the site, or one that the rule names
    (`test_url`). If a named page could not be fetched, `error` says why, and it does not count.
    `missing` are texts of the rule's `test_contains` that the article does not have."""

    url: str | None
    is_named: bool
    was_read: bool
    passed: bool
    headline_before: str | None
    headline_after: str | None
    word_count_before: int
    word_count_after: int
    missing: tuple[str, ...]
    error: str | None


class SiteRuleOut(Struct, kw_only=True):
    """A site's rule. ``applied`` is false if it failed a trial; ``ignored`` are directives without
    effect here."""

    domain: str
    text: str
    applied: bool
    revision: int | None
    updated_at: datetime | None
    ignored: list[str]
    trials: list[TrialOut] = []


@get("/sites/{domain:str}", scope="read", operation_id="get_site", tags=["sites"], problems=(422,))
async def get_site(request: ApiRequest, domain: FromPath[str]) -> SiteOut:
    """Get the recent success and errors of fetching from a site, and the present state of its
    hosts: robots.txt, delays, breaker. The name may be any host of the site."""
    db, site = request.runtime.db, _site_of(domain)
    tallies = await sites.tallies(db, site, WINDOW_DAYS)
    articles = await sites.article_count(db, site)
    if not tallies and not articles:
        raise NotFound("nothing was fetched from this site, or this is not the name of a site")
    failures = await sites.failures(db, site, request.caller.client_id, FAILURES_MAX)
    names = await sites.hosts(db, site, WINDOW_DAYS, HOSTS_MAX)
    fetcher = request.runtime.fetcher
    return SiteOut(
        domain=site,
        **_counted(tallies),
        article_count=articles,
        window_days=WINDOW_DAYS,
        last_failures=list(map(_failed, failures)),
        hosts=[await _host(fetcher, name) for name in names if _is_host(name)],
    )


@get(
    "/sites/{domain:str}/rule", scope="read", operation_id="get_site_rule", tags=["sites"],
    problems=(422,),
)  # fmt: skip
async def get_site_rule(request: ApiRequest, domain: FromPath[str]) -> SiteRuleOut:
    """Get the rule by which pages of a domain are read."""
    rule = await site_rules.find(request.runtime.db, [_host_of(domain)])
    if rule is None:
        raise NotFound("this domain has no rule of its own")
    return _rule_out(rule.domain, rule.text, rule, [])


@put(
    "/sites/{domain:str}/rule", scope="admin", operation_id="put_site_rule", tags=["sites"],
    problems=(422,),
    examples={"application/json": {"text": "title: //h1\nbody: //article\nstrip: //aside"}},
)  # fmt: skip
async def put_site_rule(
    request: ApiRequest, domain: FromPath[str], data: SiteRuleIn
) -> SiteRuleOut:
    """Set the rule of a domain and the hosts under it, if it passes its trials on the newest stored
    pages of the site and on the pages that it names (`test_url`, fetched if not stored): a page
    must stay an article, keep its headline and half of its words, and have its `test_contains`."""
    runtime, host = request.runtime, _host_of(domain)
    trials = await ingest.try_rule(runtime, site_domain(f"https://{host}/"), data.text)
    applies = not data.dry_run and (data.force or not any(trial.speaks_against for trial in trials))
    rule = await site_rules.put(runtime.db, host, data.text) if applies else None
    return _rule_out(host, data.text, rule, trials)


@delete(
    "/sites/{domain:str}/rule", scope="admin", operation_id="delete_site_rule", tags=["sites"],
    problems=(422,),
)  # fmt: skip
async def delete_site_rule(request: ApiRequest, domain: FromPath[str]) -> None:
    """Delete the domain's rule. Stored articles do not change."""
    if not await site_rules.delete(request.runtime.db, _host_of(domain)):
        raise NotFound("this domain has no rule of its own")


def _host_of(domain: str) -> str:
    if not _DOMAIN.match(domain):
        raise InvalidRequest("give a domain, such as example.com")
    return parse(f"https://{domain}/").host


def _rule_out(domain: str, text: str, rule: SiteRule | None, trials: list[Trial]) -> SiteRuleOut:
    return SiteRuleOut(
        domain=domain,
        text=text,
        applied=rule is not None,
        revision=rule.revision if rule else None,
        updated_at=rule.updated_at if rule else None,
        ignored=list(read_rule(text).ignored),
        trials=[TrialOut(**asdict(trial), passed=trial.passed) for trial in trials],
    )


def _site_of(domain: str) -> str:
    if not _DOMAIN.match(domain):
        raise InvalidRequest("give a domain, such as example.com")
    return site_domain(f"https://{domain}/")


def _failed(row: SiteFailureRow) -> SiteFailure:
    return SiteFailure(
        ingestion_id=row.ingestion_id,
        url=row.requested_url,
        error=Failure(code=row.error_code, detail=row.error_detail),
        at=row.finished_at,
    )


def _counted(tallies: list[Tally]) -> dict[str, Any]:
    """What ``tallies`` make of the fields of ``SiteOut``."""
    states = Counter[str]()
    for tally in tallies:
        states[tally.state] += tally.count
    succeeded, failed = states["succeeded"], states["failed"]
    ended = succeeded + failed
    times = [one.last_at for one in tallies if one.state == "succeeded" and one.last_at]
    failures = [one for one in tallies if one.state == "failed" and one.error_code]
    return {
        "succeeded": succeeded,
        "failed": failed,
        "pending": states["queued"] + states["running"],
        "success_rate": round(succeeded / ended, 4) if ended else None,
        "last_success_at": max(times, default=None),
        "failures_by_code": {one.error_code: one.count for one in failures},
    }


def _is_host(name: str) -> bool:
    """False for what a caller sent and the guard refused."""
    try:
        parse(f"https://{name}/")
    except UrlForbidden:
        return False
    return True


async def _host(fetcher: Fetcher, name: str) -> HostOut:
    url = parse(f"https://{name}/")
    report = await fetcher.hosts.report(url.authority)
    testing = report.failures >= FAILURES_TO_OPEN
    return HostOut(
        host=name,
        robots=await _robots(fetcher, name),
        breaker="open" if report.is_open else "testing" if testing else "closed",
        failures_in_a_row=report.failures,
        opens_after_s=report.opens_after_s,
        next_visit_after_s=report.next_visit_after_s,
        crawl_delay_s=report.crawl_delay_s,
        in_flight=report.in_flight,
    )


async def _robots(fetcher: Fetcher, name: str) -> RobotsOut:
    for scheme in ("https", "http"):
        known = await fetcher.rulebook.known(parse(f"{scheme}://{name}/").origin)
        if known is not None:
            return RobotsOut(state=known.state, status=known.status)
    return RobotsOut(state="unknown")
