"""Sites: the registrable domains that articles come from."""

from __future__ import annotations

from msgspec import Struct

from service.db.session import Db, Query


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


async def number(db: Db, domain: str, name: str | None, icon: str | None) -> int:
    """The number of the site, which is added if it is new."""
    site = await db.one(FIND, domain)
    if site is None:
        site = await db.only(ADD, domain, name, icon)
    return site.id
