"""Addresses that a page declares: its own, its images, its feeds; and its languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urldefrag, urlsplit

from service.article import Direction, Source
from service.extract.document import Document, Node
from service.extract.metadata.claims import Claim
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.model import LanguageClaim
from service.extract.metadata.site import same_site

IMAGES_MAX = 12
FEEDS_MAX = 20
_FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
})  # fmt: skip
_OPEN_GRAPH = ("og:image", "og:image:url", "og:image:secure_url")
_IMAGE_METAS = (
    "twitter:image", "twitter:image:src", "parsely-image-url", "sailthru.image.full", "image",
)  # fmt: skip
_NO_PICTURE = re.compile(
    r"logo|placeholder|default|favicon|blank\.|spacer|sprite|fallback|avatar|share-?image|social-?share"
)
_RIGHT_TO_LEFT = frozenset({"ar", "he", "iw", "fa", "ur", "ps", "dv", "yi", "sd", "ug", "ckb"})


def read_canonical(page: Evidence) -> Claim | None:
    """The address that the page calls its own, if it is of the same site and no front page."""
    for value, source in _own_addresses(page):
        address = page.document.resolve(value) if isinstance(value, str) else None
        if address and _is_sane(urldefrag(address).url, page.document.url):
            return Claim(urldefrag(address).url, source)
    return None


def _own_addresses(page: Evidence) -> Iterator[tuple[Any, Source]]:
    for node in page.document.linked.get("canonical", ()):
        yield node.get("href"), "meta"
    yield page.document.meta("og:url"), "meta"
    yield page.article.get("url"), "json-ld"


def _is_sane(address: str, url: str | None) -> bool:
    if not address.startswith("http"):
        return False
    if url is None:
        return True
    bare = urlsplit(address).path.strip("/") == "" and not urlsplit(address).query
    front = bare and (urlsplit(url).path.strip("/") != "" or urlsplit(url).query != "")
    return same_site(address, url) and not front


def read_images(page: Evidence) -> list[tuple[str, Source]]:
    """Absolute addresses that may show the lead image; logos and stand-ins come last."""
    found: dict[str, Source] = {}
    for value, source in _images(page):
        address = page.document.resolve(value) if isinstance(value, str) else None
        if address and address.startswith("http"):
            found.setdefault(address, source)
    ordered = sorted(found.items(), key=lambda item: bool(_NO_PICTURE.search(item[0].lower())))
    return ordered[:IMAGES_MAX]


def _images(page: Evidence) -> Iterator[tuple[Any, Source]]:
    for name in _OPEN_GRAPH:
        for value in page.document.metas.get(name, ())[:3]:
            yield value, "meta"
    for name in ("image", "primaryImageOfPage", "thumbnailUrl", "thumbnail"):
        for value in page.data.values(page.article, name)[:4]:
            yield _image_address(value), "json-ld"
    for name in _IMAGE_METAS:
        for value in page.document.metas.get(name, ())[:2]:
            yield value, "meta"
    for node in page.document.linked.get("image_src", ()):
        yield node.get("href"), "meta"
    for item in page.items.own("image")[:2]:
        yield item.node.get("content") or item.node.get("src") or item.node.get("href"), "microdata"


def _image_address(value: Any) -> Any:
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value[0] if isinstance(value, list) and value else value


def read_feeds(document: Document) -> tuple[list[str], list[str]]:
    """The feeds that the page offers, and the hubs that push them."""
    others = document.linked.get("alternate", ())
    feeds = [n for n in others if n.get("type").lower().split(";")[0] in _FEED_TYPES]
    return _addresses(document, feeds), _addresses(document, document.linked.get("hub", ()))


def _addresses(document: Document, links: Iterable[Node]) -> list[str]:
    """Where ``links`` lead, each address once."""
    found = dict.fromkeys(document.resolve(link.get("href")) for link in links)
    return [address for address in found if address][:FEEDS_MAX]


def read_languages(page: Evidence) -> list[LanguageClaim]:
    """Every language that the page declares, as BCP 47 tags, the nearest to the text first."""
    values: list[tuple[str | None, Source]] = [
        (page.document.lang, "dom"),
        *((text, "json-ld") for text in page.data.texts(page.article, "inLanguage")[:3]),
        (page.document.meta("og:locale"), "meta"),
        (page.document.meta("content-language"), "meta"),
        (page.document.meta("dc.language", "dcterms.language", "language"), "meta"),
    ]
    found: dict[str, LanguageClaim] = {}
    for value, source in values:
        tag = (value or "").split(",")[0].strip().replace("_", "-")
        if 2 <= len(tag) <= 20 and tag.replace("-", "").isalnum() and tag[:2].isalpha():
            found.setdefault(tag.lower(), LanguageClaim(tag, source))
    return list(found.values())


def read_direction(document: Document, languages: list[LanguageClaim]) -> Direction:
    """The direction of the text: as declared, else that of the declared language."""
    for node in (document.root, document.body):
        declared = node.get("dir").strip().lower()
        if declared == "rtl":
            return "rtl"
        if declared == "ltr":
            return "ltr"
    code = languages[0].tag.split("-")[0].lower() if languages else ""
    return "rtl" if code in _RIGHT_TO_LEFT else "ltr"
