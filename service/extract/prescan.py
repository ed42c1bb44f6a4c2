"""Counters before the tree builder: what would make a page's cost more than linear is taken out.

The parser was measured on 30 growing shapes up to 10 MB (autumn 2026): depth, attributes on one
tag, options, tables and entities are linear in it. Only attributes of repeated ``<body>`` and
``<html>`` tags are not, since each is compared with those before; and every node costs memory.
"""

from __future__ import annotations

import re

from msgspec import structs

from service.extract.charset import decode
from service.extract.page import Page
from service.extract.urls import readable

PAGE_CHARS_MAX = 10_000_000
TAGS_MAX = 400_000
"""About 300 MB of nodes in the parser and in the document, of the 1 GB that a child may use."""
ROOT_TAGS_MAX = 8

_ROOT_TAG = re.compile(r"<(?:body|html)(?=[\s/>])[^>]*>?", re.IGNORECASE)
_ROOT_START = re.compile("<[bBhH][oOtT]")
"""How these tags begin, and few others."""
_STEP = 65_536


def in_text(page: Page) -> Page:
    """``page`` with its content as text within the limits, and only addresses that can be taken
    apart."""
    content = bounded(decode(page.content, page.charset).text)
    url, requested_url = readable(page.url), readable(page.requested_url)
    return structs.replace(page, content=content, url=url, requested_url=requested_url)


def bounded(text: str) -> str:
    """``text`` cut to its limits, as far as possible after the article.

    Pages within the limits, practically all, come back as they are after two counts.
    """
    text = text[:PAGE_CHARS_MAX]
    if len(text) > TAGS_MAX and text.count("<") > TAGS_MAX:
        text = _cut(text)
    if len(_ROOT_START.findall(text)) > ROOT_TAGS_MAX:
        text = _with_one_root(text)
    return text


def _cut(text: str) -> str:
    """``text`` up to about the last tag that is allowed."""
    left = TAGS_MAX
    for start in range(0, len(text), _STEP):
        left -= text.count("<", start, start + _STEP)
        if left <= 0:
            return text[:start]
    return text


def _with_one_root(text: str) -> str:
    """``text`` without the tags of body and html that repeat."""
    seen = 0

    def keep(found: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return found[0] if seen <= ROOT_TAGS_MAX else ""

    return _ROOT_TAG.sub(keep, text)
