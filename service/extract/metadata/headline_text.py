"""The text of a printed headline: without what shares its element, with the marks of the head."""

from __future__ import annotations

import re

from service.extract.document import Document, Node
from service.extract.metadata.claims import Claim
from service.extract.metadata.dates import spans
from service.extract.metadata.titles import key

PARTS_MAX = 12
PRINTED_CHARS_MIN = 12
_SECTION = re.compile(r"\s[|｜·•‹«»]\s")
"""Where a section or a site may begin in a printed heading."""
_JOINTS = " :|–—-·•"


def own_text(document: Document, node: Node, text: str, titles: list[str]) -> str:
    """The headline without a kicker or a subtitle that shares its element.

    A part of the element that is a whole title of the head is the headline.
    """
    inner = [part for part in document.inside(node)[:PARTS_MAX] if part.chars]
    parts = [document.text(part) for part in inner]
    parts += map(_own_strings, (node, *inner))
    whole = key(text)
    for part in parts:
        found = key(part)
        if 8 <= len(found) < len(whole) and found in (titles[:1] if whole in titles else titles):
            return part
    return text


def _own_strings(node: Node) -> str:
    """The text that stands in ``node`` itself, not in its elements."""
    return " ".join("".join(c for c in node.children if isinstance(c, str)).split())


def punctuated(node: Node, text: str, declared: list[Claim]) -> str:
    """``text`` of several elements with the marks that a title of the head has between them."""
    if len(node.elements()) <= 1:
        return text
    same = (str(c.value) for c in declared if key(c.value) == key(text))
    return next((title for title in same if len(title) > len(text)), text)


def up_to_declared(text: str, declared: list[Claim]) -> str:
    """``text`` up to where a title of the head ends, if a mark follows: without its section."""
    for claim in declared:
        title = str(claim.value)
        if len(title) >= PRINTED_CHARS_MIN and text.startswith(title):
            rest = text[len(title) :]
            if _SECTION.match(rest):
                return title
    return text


def undated(text: str, language: str, titles: list[str]) -> str:
    """``text`` without the date that it opens with, where a title of the head has none."""
    first = next(spans(text, language), None) if any(map(str.isdigit, text[:16])) else None
    rest = text[first[1] :].strip(_JOINTS) if first and first[0] == 0 else ""
    return rest if rest and key(rest) in titles and key(text) not in titles else text


def without_kicker(headline: str, kicker: str, titles: list[str]) -> str:
    """``headline`` without the kicker that its element prints before it; with it, and a colon, only
    where a title of the head has both."""
    rest = headline.removeprefix(kicker)
    if not headline.startswith(kicker) or not rest.strip(_JOINTS):
        return headline
    whole = key(headline)
    if not any(whole in key(title) for title in titles):
        return rest.lstrip(_JOINTS)
    return headline if rest.lstrip()[:1] in _JOINTS else f"{kicker.rstrip(': ')}: {rest.strip()}"
