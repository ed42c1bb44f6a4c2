"""The site that a page belongs to: its domain, its names, its icon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import ada_url
from publicsuffixlist import PublicSuffixList

from service.article import Site, Source
from service.extract.document import Document
from service.extract.metadata.claims import Claim, texts
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.linked_data import text_of, types_of
from service.extract.metadata.titles import key, plain_key

_SUFFIXES = PublicSuffixList()
_SITES = frozenset({"website", "organization", "newsmediaorganization", "corporation", "brand"})
NAME_CHARS_MAX = 80
_NAME_PARTS = re.compile(r"\s+[-–—|:·•]\s+|\s*[|｜]\s*|:\s+")
_TITLE_PARTS = re.compile(r"\s+[-–—|:·•»«>]\s+|\s*[|｜]\s*|:\s+|\s+\*\s+")
TITLE_CHARS_MAX = 500
ALIKE_CHARS_MIN, MORE_CHARS = 5, 8
_ADDRESS = re.compile(r"@.*|(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}")
_PLACES = frozenset({"forum", "forums", "blog", "news", "shop", "community", "docs", "support"})
_ICON_SIZES = (("apple-touch-icon-precomposed", 179), ("apple-touch-icon", 180))


@lru_cache(maxsize=4096)
def domain_of(host: str) -> str:
    """The registrable domain of a host: ``"fr.example.co.uk"`` gives ``"example.co.uk"``."""
    return _SUFFIXES.privatesuffix(host) or host


def host_of(url: str | None) -> str:
    """The lower-case host of an address; empty where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").rstrip(".")
    except ValueError:
        return ""


def site_domain(url: str | None) -> str | None:
    """The registrable domain of an address, if it has a host: as ``service.address`` names it,
    so in ASCII, and an IP address whole."""
    host = host_of(url)
    if not host or ":" in host or host.replace(".", "").isdigit():
        return f"[{host}]" if ":" in host else host or None
    return domain_of(host if host.isascii() else ada_url.idna_to_ascii(host).decode() or host)


def same_site(first: str | None, second: str | None) -> bool:
    """Whether two addresses belong to one registrable domain."""
    domain = site_domain(first)
    return domain is not None and domain == site_domain(second)


def site_names(page: Evidence) -> list[Claim]:
    """Every name that the page gives its site, the surest first."""
    return list(texts(_names(page)))


def _names(page: Evidence) -> Iterator[Claim]:
    metas: tuple[tuple[str, Source], ...] = (
        ("og:site_name", "meta"), ("application-name", "meta"),
        ("apple-mobile-web-app-title", "meta"), ("al:ios:app_name", "meta"),
        ("dc.publisher", "meta"), ("citation_journal_title", "meta"), ("publisher", "meta"),
    )  # fmt: skip
    yield Claim(page.document.meta("og:site_name"), "meta")
    for value in page.data.values(page.article, "publisher"):
        yield Claim(text_of(value), "json-ld")
    for node in page.data.top[:50]:
        if _SITES & types_of(node):
            yield Claim(text_of(node.get("name")), "json-ld")
            yield Claim(text_of(node.get("alternateName")), "json-ld")
    for name, source in metas[1:]:
        yield Claim(page.document.meta(name), source)


def is_front(url: str | None) -> bool:
    """Whether an address is that of a site's front page."""
    return not (url or "").split("//", 1)[-1].partition("/")[2].strip("/")


def site_keys(names: list[Claim], titles: frozenset[str], url: str | None) -> frozenset[str]:
    """The keys of the site's names and of its domain, to know the site by.

    What is also the whole title of the page is no name: some sites repeat it as og:site_name.
    """
    found = {key(claim.value) for claim in names if len(claim.value) <= NAME_CHARS_MAX}
    if len(found) > 1 or not is_front(url):
        found -= titles
    if host := host_of(url):
        domain = domain_of(host)
        found |= {key(domain), key(domain.split(".")[0]), key(host.removeprefix("www."))}
    return frozenset(name for name in found if len(name) > 1)


def read_site(
    document: Document, names: list[Claim], titles: frozenset[str]
) -> tuple[Site, Source | None]:
    """The site of the page: domain by its address, name by its own word, without what it says of
    itself beside it; a name that is only an address where there is no other."""
    usable = [c for c in names if 1 < len(c.value) <= NAME_CHARS_MAX and "://" not in c.value]
    if not is_front(document.url):
        usable = [c for c in usable if key(c.value) not in titles] or usable
    named = next(iter(usable), None)
    if named and _ADDRESS.fullmatch(named.value):
        named = next((c for c in usable if _is_spelled(c.value, document.url)), named)
    name = _bare_name(named.value, host_of(document.url)) if named else _titled(document)
    site = Site(domain=site_domain(document.url), name=name, icon=_icon(document))
    return site, named.source if named else "dom" if name else None


def _titled(document: Document) -> str | None:
    """The part of the page's title that its domain spells, or the last part, where domain and part
    begin or end alike: ``Lavazza`` of ``lavazzausa.com``."""
    domain = domain_of(host_of(document.url))
    label = _joined(domain.split(".")[0])
    parts = [part.strip() for part in _TITLE_PARTS.split(document.title[:TITLE_CHARS_MAX])]
    named = [part for part in parts[:1] + parts[::-1] if _joined(part) in {label, _joined(domain)}]
    last = parts[-1] if len(parts) > 1 else ""
    if not named and min(len(label), len(_joined(last))) >= ALIKE_CHARS_MIN:
        named = [last] if _begins_or_ends(_joined(last), label) else []
    return named[0] if label and named else None


def _begins_or_ends(name: str, label: str) -> bool:
    short, long = sorted((name, label), key=len)
    return long.startswith(short) or long.endswith(short)


def _bare_name(name: str, host: str) -> str:
    """The part of ``"Raw Story - News since 2004"`` that its domain repeats, or all of it."""
    bare = name.lstrip("@").removeprefix("www.").strip(" -–—|:·•")
    label, subdomain = domain_of(host).split(".")[0], host.removeprefix("www.").split(".")[0]
    known = {_joined(part) for part in (label, subdomain) if part not in _PLACES}
    parts = [part.strip() for part in _NAME_PARTS.split(bare) if part.strip()]
    if parts and _joined(parts[0]) == _joined(domain_of(host)):
        return parts[0]
    named = parts if len(parts) > 1 else []
    longer = (p for p in named if _begins(_joined(p), known) and not _ADDRESS.fullmatch(p.lower()))
    return next((part for part in parts if _joined(part) in known), next(longer, bare))


def _begins(name: str, labels: set[str]) -> bool:
    """Whether a name is a label of the domain with a word behind it: ``Acme Blog``."""
    return any(
        len(each) >= ALIKE_CHARS_MIN
        and name.startswith(each)
        and len(name) <= len(each) + MORE_CHARS
        for each in labels
    )


def _is_spelled(name: str, url: str | None) -> bool:
    """Whether a name spells the domain, where that is no word of its own: ``Live Science``."""
    label = _joined(domain_of(host_of(url)).split(".")[0])
    return not _ADDRESS.fullmatch(name) and label in plain_key(name).replace(" ", "")


def _joined(text: str) -> str:
    return key(text).replace(" ", "")


def _icon(document: Document) -> str | None:
    """The largest icon, of equals the first."""
    sizes = {node: size for rel, size in _ICON_SIZES for node in document.linked.get(rel, ())}
    for node in document.linked.get("icon", ()):
        sizes.setdefault(node, _declared_size(node.get("sizes")))
    icons = sorted((node for node in sizes if node.get("href")), key=lambda node: node.index)
    best = max(icons, key=lambda node: sizes[node], default=None)
    address = document.resolve(best.get("href")) if best else None
    return address if address and address.startswith("http") else None


def _declared_size(sizes: str) -> int:
    width = sizes.lower().split("x")[0].strip()
    return min(int(width), 512) if width.isdecimal() and len(width) < 5 else 16
