"""Sites: the registrable domains that articles come from."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.rows import Count
from service.db.session import Db, Query, Session


class SiteId(Struct, frozen=True):
    """The number of a site."""

    id: int


FIND = Query(SiteId, "select id from site where domain = $1")
ADD = Query(
    SiteId,
    """
    insert into site (domain, name, icon) values ($1, $2, $3)
    on conflict (domain) do update set name = coalesce(site.name, excluded.name)
    returning id
    """,
)


KNOWN_MAX = 10_000


class Sites:
    """The numbers of sites, the latest of them remembered: a site keeps its number for ever."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._known: OrderedDict[str, int] = OrderedDict()

    async def number(self, domain: str, name: str | None, icon: str | None) -> int:
        """The number of the site, which is added if it is new."""
        if domain not in self._known:
            site = await self._db.one(FIND, domain)
            if site is None:
                site = await self._db.only(ADD, domain, name, icon)
            self._known[domain] = site.id
            if len(self._known) > KNOWN_MAX:
                self._known.popitem(last=False)
        self._known.move_to_end(domain)
        return self._known[domain]


class Tally(Struct, frozen=True):
    """How many of a site's ingestions ended in one way within the window, and when the last did."""

    state: str
    error_code: str | None
    count: int
    last_at: datetime | None


class Failure(Struct, frozen=True):
    """One ingestion of a page of the site that failed."""

    ingestion_id: UUID
    requested_url: str
    error_code: str
    error_detail: str | None
    finished_at: datetime


class Host(Struct, frozen=True):
    """A host, with its port if the address names one."""

    host: str


# A site's pages: its own host, and all under it ('.' and '/' are neighbours in ASCII).
_OF_SITE = """
    kind = 'url' and (host_of(identity_key) collate "C" = reverse($1)
      or (host_of(identity_key) collate "C" >= reverse($1) || '.'
        and host_of(identity_key) collate "C" < reverse($1) || '/'))
"""
TALLIES = Query(
    Tally,
    f"""
    select state, error_code, count(*), max(finished_at) as last_at from ingestion
    where {_OF_SITE} and (finished_at is null or finished_at > now() - make_interval(days => $2))
    group by state, error_code order by count(*) desc, state, error_code
    """,
)
FAILURES = Query(
    Failure,
    f"""
    select id as ingestion_id, requested_url, error_code, error_detail, finished_at from ingestion
    where {_OF_SITE} and client_id = $2 and state = 'failed'
    order by finished_at desc limit $3
    """,
)
HOSTS = Query(
    Host,
    f"""
    select distinct lower(substring(requested_url from '://([^/?#@]+)')) as host from ingestion
    where {_OF_SITE} and (finished_at is null or finished_at > now() - make_interval(days => $2))
      and requested_url ~ '://[^/?#@]'
    order by 1 limit $3
    """,
)
ARTICLES = Query(
    Count,
    """
    select count(*) from article a join site s on s.id = a.site_id
    where s.domain = $1 and a.deleted_at is null
    """,
)


async def tallies(session: Session, domain: str, days: int) -> list[Tally]:
    """How the ingestions of the last ``days`` from ``domain`` ended, all clients together."""
    return await session.all(TALLIES, domain, days)


async def failures(session: Session, domain: str, client_id: UUID, count: int) -> list[Failure]:
    """The last ``count`` ingestions of this client from ``domain`` that failed, newest first."""
    return await session.all(FAILURES, domain, client_id, count)


async def hosts(session: Session, domain: str, days: int, count: int) -> list[str]:
    """At most ``count`` hosts of ``domain`` that pages were asked of within ``days``."""
    return [row.host for row in await session.all(HOSTS, domain, days, count)]


async def article_count(session: Session, domain: str) -> int:
    """How many articles of the site are held."""
    return (await session.only(ARTICLES, domain)).count
