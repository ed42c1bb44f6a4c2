"""Site rules: one text per domain, for all hosts under it that have none of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.rows import columns_of
from service.db.session import Command, Query, Session
from service.db.snapshots import COLUMNS, Snapshot


class SiteRule(Struct, frozen=True):
    """A rule; ``revision`` grows with each change."""

    domain: str
    text: str
    revision: int
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> str:
        """What an article says that it was read by."""
        return f"{self.domain}#{self.revision}"


_RULE = columns_of(SiteRule)

FIND = Query(
    SiteRule,
    f"""
    select {_RULE} from site_rule
    where domain = any($1::text[]) order by length(domain) desc limit 1
    """,
)


class Kept(Snapshot, frozen=True):
    """A snapshot, and a rule, whose columns are null where there is none."""

    rule_domain: str | None
    rule_text: str
    rule_revision: int
    rule_created_at: datetime
    rule_updated_at: datetime

    @property
    def rule(self) -> SiteRule | None:
        """The rule, if there is one."""
        if self.rule_domain is None:
            return None
        return SiteRule(
            self.rule_domain, self.rule_text, self.rule_revision, self.rule_created_at,
            self.rule_updated_at,
        )  # fmt: skip


KEPT = Query(
    Kept,
    f"""
    select {COLUMNS}, r.domain as rule_domain, r.text as rule_text, r.revision as rule_revision,
      r.created_at as rule_created_at, r.updated_at as rule_updated_at
    from snapshot s left join lateral (
      select {_RULE} from site_rule
      where domain = any($2::text[]) order by length(domain) desc limit 1) r on true
    where s.id = $1
    """,
)
PUT = Query(
    SiteRule,
    f"""
    insert into site_rule (domain, text) values ($1, $2)
    on conflict (domain) do update
      set text = excluded.text, revision = site_rule.revision + 1, updated_at = now()
    returning {_RULE}
    """,
)
DELETE = Command("delete from site_rule where domain = $1")
LATEST = Query(
    Snapshot,
    f"""
    select {COLUMNS} from article a join site on site.id = a.site_id
      join snapshot s on s.id = a.snapshot_id
    where site.domain = $1 and a.deleted_at is null and s.media_type = 'text/html'
    order by a.sort_at desc, a.id desc limit $2
    """,
)
AT_ADDRESS = Query(
    Snapshot,
    f"""
    select {COLUMNS} from article_key k join article a on a.id = k.article_id
      join snapshot s on s.id = a.snapshot_id
    where k.key = $1 and a.deleted_at is null and s.media_type = 'text/html'
    """,
)


async def find(session: Session, domains: Sequence[str]) -> SiteRule | None:
    """The rule of the longest of ``domains`` that has one."""
    return await session.one(FIND, list(domains))


async def kept(session: Session, snapshot_id: UUID, domains: Sequence[str]) -> Kept | None:
    """The snapshot, while it is kept, with the rule of the longest of ``domains`` that has one."""
    return await session.one(KEPT, snapshot_id, list(domains))


async def put(session: Session, domain: str, text: str) -> SiteRule:
    """The rule of ``domain`` is ``text`` from now on."""
    return await session.only(PUT, domain, text)


async def delete(session: Session, domain: str) -> bool:
    """``domain`` has no rule; False if it had none."""
    return await session.run(DELETE, domain) > 0


async def latest_pages(session: Session, domain: str, count: int) -> list[Snapshot]:
    """The kept pages of the site's newest articles."""
    return await session.all(LATEST, domain, count)


async def page_at(session: Session, identity_key: str) -> Snapshot | None:
    """The kept page of the article that is known by ``identity_key``."""
    return await session.one(AT_ADDRESS, identity_key)
