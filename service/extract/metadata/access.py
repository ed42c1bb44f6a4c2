"""Whether an article is free to read, and what the page says about its rights."""

from __future__ import annotations

from typing import Any, NamedTuple

from service.article import Paywall, Rights, Source
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.linked_data import text_of
from service.extract.metadata.notice import NOTICE_CHARS_MAX, printed_notice

SELECTORS_MAX = 20
_NO = frozenset({"false", "no", "0", "none"})
_YES = frozenset({"true", "yes", "1"})
_TIERS: dict[str, tuple[bool | None, Paywall]] = {
    "free": (True, "none"), "metered": (False, "metered"), "locked": (False, "hard"),
    "paid": (False, "hard"), "premium": (False, "hard"), "subscriber": (False, "hard"),
    "hard": (False, "hard"), "plus": (False, "hard"), "registration": (False, "metered"),
}  # fmt: skip
_TIER_METAS = ("article:content_tier", "content_tier", "og:article:content_tier", "content-tier",
               "cxenseparse:content-tier", "contenttier", "access-type")  # fmt: skip
FOOT_CHARS_MAX = 4_000


class Access(NamedTuple):
    """``is_free`` is None where the page does not say."""

    is_free: bool | None
    paywall: Paywall
    selectors: list[str]
    source: Source | None


def read_access(page: Evidence) -> Access:
    """What schema.org, the content tier and known metas say about access."""
    declared = _truth(page.article.get("isAccessibleForFree"))
    parts = [p for p in page.data.values(page.article, "hasPart") if isinstance(p, dict)]
    closed = [p for p in parts if _truth(p.get("isAccessibleForFree")) is False]
    selectors = [s for p in closed for s in page.data.texts(p, "cssSelector")][:SELECTORS_MAX]
    tier = (page.document.meta(*_TIER_METAS) or "").lower()
    if tier in _TIERS:
        is_free, paywall = _TIERS[tier]
        return Access(is_free, paywall, selectors, "meta")
    if declared is None:
        declared = _truth(page.document.meta("isaccessibleforfree"))
    if declared is None and closed:
        declared = False
    if declared is None:
        return Access(None, "unknown", selectors, None)
    return Access(declared, "none" if declared else "hard", selectors, "json-ld")


def _truth(value: Any) -> bool | None:
    """A boolean of schema.org in any of its spellings; None for anything else."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@id") or value.get("@value")
    if isinstance(value, bool | int):
        return bool(value)
    word = value.strip().rsplit("/", 1)[-1].lower() if isinstance(value, str) else ""
    return True if word in _YES else False if word in _NO else None


def read_rights(page: Evidence) -> tuple[Rights, Source | None]:
    """The copyright notice and the licence, as declared or as the foot of the page prints them."""
    licence = _licence(page)
    notice, source = _notice(page)
    return Rights(copyright_notice=notice, license=licence), source


def _notice(page: Evidence) -> tuple[str | None, Source | None]:
    if notice := page.data.text(page.article, "copyrightNotice"):
        return notice[:NOTICE_CHARS_MAX], "json-ld"
    holder, year = (
        page.data.text(page.article, "copyrightHolder"),
        page.data.text(page.article, "copyrightYear"),
    )
    if holder:
        return " ".join(filter(None, ("©", year, holder)))[:NOTICE_CHARS_MAX], "json-ld"
    for name in ("copyright", "dc.rights", "dcterms.rights", "rights", "dcterms.rightsholder"):
        notice = page.document.meta(name)
        if notice and "://" not in notice[:8] and any(map(str.isalpha, notice)):
            return " ".join(notice.split())[:NOTICE_CHARS_MAX], "meta"
    for footer in reversed(page.document.by_tag.get("footer", ())[-2:]):
        if notice := printed_notice(page.document.text_with_links(footer, "|")[-FOOT_CHARS_MAX:]):
            return notice, "dom"
    return None, None


def _licence(page: Evidence) -> str | None:
    for value in page.data.values(page.article, "license"):
        text = value.get("url") or value.get("@id") if isinstance(value, dict) else text_of(value)
        if isinstance(text, str) and any(map(str.isalpha, text)):
            address = None if " " in text.strip() else page.document.resolve(text)
            return address or text[:NOTICE_CHARS_MAX]
    for node in page.document.linked.get("license", ()):
        if address := page.document.resolve(node.get("href")):
            return address
    for node in page.items.rels.get("license", ()):
        return page.document.resolve(node.get("href"))
    return None
