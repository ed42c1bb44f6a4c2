"""Reporters whom the opening of a Chinese story names in brackets, not a byline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.article import Author
from service.extract.document import Document, Node
from service.extract.metadata.authors import Authors
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.people import people

NODES_MAX = 150
PROSE_CHARS = 30
OPENINGS_MAX = 2
_REPORTER = re.compile(
    r"[^（(【〔\[]{0,30}[（(【〔\[]"
    r"([^（）()【】〔〕\[\]]{0,8}(?:记者|記者)[^（）()【】〔〕\[\]]{2,30})[）)】〕\]]"
)


def read_dateline(page: Evidence, headline: Node | None) -> Authors:
    """The reporters of ``新华社巴黎12月9日电（记者唐霁）法国9日…``; none without brackets."""
    for text in _openings(page.document, headline):
        if found := _REPORTER.match(text):
            named = people(found[1], page.language, page.site_keys, declared=False)
            names = (name for person in named for name in _parted(person.name))
            return Authors([Author(name=name) for name in names], "dom", None, ())
    return Authors([], None, None, ())


def _parted(name: str) -> list[str]:
    """The names that a blank parts: no Chinese name has one."""
    return name.split() if name > "\u2e80" else [name]


def _openings(document: Document, headline: Node | None) -> Iterator[str]:
    """The texts of the story's first paragraphs."""
    start = headline.end if headline else document.body.index + 1
    left = OPENINGS_MAX
    for node in document.nodes[start : start + NODES_MAX]:
        if node.tag in {"p", "div"} and not node.blocks and node.chars > PROSE_CHARS:
            yield document.text(node)
            left -= 1
            if not left:
                return
