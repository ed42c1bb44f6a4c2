"""OPML 1.0 and 2.0 subscription lists, in and out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree
from msgspec import Struct

from service.errors import FeedUnreadable
from service.feeds.value import absolute, text

OUTLINES_MAX = 10_000
_UNPRINTABLE = re.compile("[\0-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and line ends."""


class Outline(Struct, kw_only=True):
    """One subscription; ``folder`` is the outline that it stands in."""

    url: str
    title: str | None = None
    site_url: str | None = None
    folder: str | None = None


def read_opml(content: bytes) -> list[Outline]:
    """The feeds of a list in its order, at most ``OUTLINES_MAX``; raises ``FeedUnreadable``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedUnreadable("the OPML is not readable XML") from error
    if root is None or str(root.tag).lower() != "opml":
        raise FeedUnreadable("this is not an OPML document")
    outlines = [found for one in root.iter("outline") if (found := _outline(one))]
    return outlines[:OUTLINES_MAX]


def _outline(element: Any) -> Outline | None:
    parent = element.getparent()
    try:
        fields = {name.lower(): value for name, value in element.attrib.items()}
        folder = None if parent is None else parent.get("text")
    except UnicodeDecodeError:  # a reference to half a character: ``&#xD800;``
        return None
    url = absolute("", fields.get("xmlurl"))
    if url is None:
        return None
    return Outline(
        url=url,
        title=text(fields.get("title")) or text(fields.get("text")),
        site_url=absolute("", fields.get("htmlurl")),
        folder=text(folder),
    )


def write_opml(outlines: Iterable[Outline]) -> bytes:
    """An OPML 2.0 document of ``outlines``, in UTF-8."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Broadsheet feeds"
    body = etree.SubElement(root, "body")
    for one in outlines:
        title = _printable(one.title or one.url)
        fields = {"type": "rss", "text": title, "title": title, "xmlUrl": _printable(one.url)}
        if one.site_url:
            fields["htmlUrl"] = _printable(one.site_url)
        etree.SubElement(body, "outline", fields)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _printable(value: str) -> str:
    return _UNPRINTABLE.sub("", value)
