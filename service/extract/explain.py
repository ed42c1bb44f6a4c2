"""Why a page's article is what it is: every line, kept or dropped, and the reason."""

from __future__ import annotations

from msgspec import Struct

from service.extract.body import Body, read_body
from service.extract.body.alike import UNLIKELY
from service.extract.body.classify import probability
from service.extract.body.features import vector
from service.extract.document import parse
from service.extract.media import read_media
from service.extract.metadata import read_metadata
from service.extract.page import Page
from service.extract.prescan import in_text
from service.extract.stories import own_story

TEXT_CHARS_MAX = 90


class Verdict(Struct, frozen=True):
    """What became of one line: ``kept``, the field it was read as, or why it was dropped."""

    verdict: str
    element: str
    text: str


def explain(page: Page) -> list[Verdict]:
    """Every line of an HTML page in reading order, after the container of its story."""
    document = own_story(parse(in_text(page)))
    metadata = read_metadata(document)
    media = read_media(document, metadata)
    rows = [
        (index, role, document.nodes[index], document.text(document.nodes[index]))
        for index, role in metadata.consumed.items()
    ]
    body = read_body(document, metadata, media)
    rows += [
        (line.index, _told(body, at, why), line.node, line.text)
        for at, (line, why) in enumerate(body.trace)
    ]
    rows.sort(key=lambda row: row[0])
    container = body.context.container
    verdicts = [Verdict("container", _name(container.tag, container.hints), "")]
    verdicts += [
        Verdict(verdict, _name(node.tag, node.hints), text) for _, verdict, node, text in rows
    ]
    return verdicts


def _told(body: Body, at: int, why: str) -> str:
    """What became of a line, with the likelihood by which it was dropped."""
    if why != UNLIKELY:
        return why or "kept"
    return f"{why} {probability(vector(body.context, at)):.2f}"


def explain_lines(page: Page) -> list[str]:
    """The same as lines for a terminal, texts cut.

    ``"unlikely 0.12    p.teaser         Ten more stories"``
    """
    return [
        f"{one.verdict:16} {one.element:24} {one.text[:TEXT_CHARS_MAX]}".rstrip()
        for one in explain(page)
    ]


def _name(tag: str, hints: str) -> str:
    """An element as CSS would name it, cut to fit a column."""
    return ".".join([tag, *hints.split()])[:24]
