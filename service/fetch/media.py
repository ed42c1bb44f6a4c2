"""What a body is: by its declared type, or by its first bytes where that lies or is missing."""

from __future__ import annotations

import re
from typing import Literal

from service.errors import TypeUnsupported

Purpose = Literal["page", "feed", "robots"]

HTML = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
PLAIN = frozenset({"text/plain", "text/markdown"})
XML = frozenset({"application/xml", "text/xml"})
FEED = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "text/json",
    }
)
UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream", "unknown/unknown"})
GZIP = frozenset({"application/gzip", "application/x-gzip"})
"""Of sitemaps, which are often kept as ``.xml.gz``."""
GZIP_MAGIC = b"\x1f\x8b"
ACCEPTED: dict[Purpose, frozenset[str]] = {
    "page": HTML | PLAIN | XML | UNSAID,
    "feed": HTML | PLAIN | XML | FEED | UNSAID | GZIP,
}
ACCEPT: dict[Purpose, str] = {
    "page": "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.6,*/*;q=0.1",
    "feed": "application/rss+xml,application/atom+xml,application/feed+json,"
    "application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,*/*;q=0.1",
    "robots": "text/plain,*/*;q=0.1",
}

SNIFFED_BYTES = 2_048
_BINARY = re.compile(
    rb"%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|PK\x03\x04|RIFF....WEBP|....ftyp|OggS|ID3|fLaC"
    rb"|\x1f\x8b|Rar!|7z\xbc\xaf|\x7fELF|MZ.\x00|wOF[F2]|\x00\x01\x00\x00",
    re.DOTALL,
)
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|style|article|main|div|p|h1|table)\b",
    re.IGNORECASE,
)
_HTML_ROOT = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b")
_WORD = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}\Z", re.ASCII)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)


def declared(content_type: str) -> tuple[str, str]:
    """The media type and charset that a ``Content-Type`` states, each empty if it does not.

    ``'Text/HTML; charset="utf-8"'`` -> ``("text/html", "utf-8")``
    """
    media_type = content_type.split(";", 1)[0].strip().lower()
    charset = _CHARSET.search(content_type[:1_000])
    return media_type if _WORD.match(media_type) else "", charset.group(1) if charset else ""


def check_declared(media_type: str, purpose: Purpose) -> None:
    """Raises ``TypeUnsupported`` for what cannot be read for this purpose, before it is read."""
    accepted = ACCEPTED.get(purpose)
    if accepted is not None and media_type not in accepted:
        raise TypeUnsupported(f"{media_type} cannot be read as a {purpose}", stage="headers")


def actual(media_type: str, content: bytes, purpose: Purpose) -> str:
    """The media type that the bytes confirm; raises ``TypeUnsupported`` for binary ones.

    A page is ``text/html`` or ``text/plain``; other purposes keep what was declared.
    """
    head = content[:SNIFFED_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    is_gzip_feed = purpose == "feed" and head.startswith(GZIP_MAGIC)
    if purpose != "robots" and _BINARY.match(head) and not is_gzip_feed:
        raise TypeUnsupported(f"binary data cannot be read as a {purpose}", stage="body")
    if purpose != "page":
        return media_type
    if media_type in HTML:
        return "text/html"
    if _is_html(media_type, _readable(head)):
        return "text/html"
    if media_type in XML or _FEED_ROOT.search(head):
        raise TypeUnsupported("a feed or other XML cannot be read as a page", stage="body")
    return "text/plain"


def _is_html(media_type: str, head: bytes) -> bool:
    """Text that is declared plain must open a document to be HTML; if nothing is said, a tag."""
    if media_type in PLAIN or media_type in XML:
        return bool(_HTML_ROOT.search(head[:512]))
    return bool(_HTML_TAG.search(head))


def _readable(head: bytes) -> bytes:
    """UTF-16 with its mark, without the zero bytes between the ASCII ones."""
    return head.replace(b"\x00", b"") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head
