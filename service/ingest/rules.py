"""Site rules at work: found for a page, and followed to the other parts of its story."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec.structs import replace

from service.address import identity_key, site_domain
from service.db import site_rules
from service.db.site_rules import SiteRule
from service.errors import FetchError, InvalidRequest
from service.extract import Page
from service.extract.rules import read_rule
from service.fetch.client import Fetched, Request
from service.log import log
from service.runtime import Runtime

PARTS_MAX = 20
JOINED_BYTES_MAX = 20_000_000


async def rule_of(runtime: Runtime, url: str | None) -> SiteRule | None:
    """The rule for pages at ``url``, if its host or a domain around it has one."""
    domains = domains_of(url or "")
    return await site_rules.find(runtime.db, domains) if domains else None


def domains_of(url: str) -> list[str]:
    """``https://www.a.b.example.com/x`` -> the host and each domain down to ``example.com``."""
    try:
        own, host = site_domain(url), (urlsplit(url).hostname or "").rstrip(".")
    except (InvalidRequest, ValueError):
        return []
    labels = host.removesuffix(own).strip(".").split(".") if host.endswith(own) else []
    return [".".join([*labels[at:], own]) for at in range(len(labels)) if labels[at]] + [own]


def ruled(page: Page, rule: SiteRule | None) -> Page:
    """The page with the rule that it is to be read by."""
    if rule is None or page.kind != "html":
        return page
    return replace(page, rule=rule.text, rule_name=rule.name)


async def with_parts(runtime: Runtime, request: Request, fetched: Fetched, page: Page) -> Fetched:
    """The page as its rule wants it: the one that has all of a story, or all its parts joined.

    Parts are fetched from the same site, at most 20, and set one after another as they came. A
    part that cannot be fetched ends the story there.
    """
    rule = read_rule(page.rule)
    if not rule.single_page_link and not rule.next_page_link:
        return fetched
    site, seen = site_domain(fetched.url), {identity_key(fetched.url)}
    whole = fetched
    for _ in range(PARTS_MAX):
        links = await runtime.parsers.links(replace(page, content=fetched.content, url=fetched.url))
        single = next((url for url in links.single if _is_new(url, site, seen)), None)
        following = next((url for url in links.following if _is_new(url, site, seen)), None)
        url = single or following
        if url is None:
            break
        seen.add(identity_key(url))
        try:
            part = replace(request, url=url, etag="", last_modified="")
            fetched = await runtime.fetcher.fetch_patiently(part)
        except FetchError as error:
            log.warning("a part of a story is missing", url=url, code=error.code)
            break
        if single:
            whole = replace(fetched, redirects=whole.redirects)
            continue
        if len(whole.content) + len(fetched.content) > JOINED_BYTES_MAX:
            break
        whole = replace(whole, content=whole.content + b"\n" + fetched.content)
    return whole


def _is_new(url: str, site: str, seen: set[str]) -> bool:
    try:
        return site_domain(url) == site and identity_key(url) not in seen
    except InvalidRequest:
        return False
