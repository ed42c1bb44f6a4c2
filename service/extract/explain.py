"""Why a page's article is what it is: every line, kept or dropped, and the reason."""

from __future__ import annotations

from msgspec import structs

from service.extract.body import read_body
from service.extract.charset import decode
from service.extract.document import parse
from service.extract.media import read_media
from service.extract.metadata import read_metadata
from service.extract.page import Page

TEXT_CHARS_MAX = 90


def explain_lines(page: Page) -> list[str]:
    """One line of words for each line of an HTML page, in reading order: the verdict (``kept``,
    ``headline`` and other readers' fields, or why it was dropped), its element, its text.

    ``"unlikely 0.12    p.teaser         Ten more stories"``
    """
    page = structs.replace(page, content=decode(page.content, page.charset).text)
    document = parse(page)
    metadata = read_metadata(document)
    media = read_media(document, metadata)
    told = [
        (index, role, document.nodes[index]) for index, role in sorted(metadata.consumed.items())
    ]
    rows = [(index, role, node, document.text(node)) for index, role, node in told]
    body = read_body(document, metadata, media)
    rows += [(line.index, why or "kept", line.node, line.text) for line, why in body.trace]
    rows.sort(key=lambda row: row[0])
    lines = [f"container        {_name(body.container.tag, body.container.hints)}"]
    lines += [
        f"{verdict:16} {_name(node.tag, node.hints):24} {text[:TEXT_CHARS_MAX]}"
        for _, verdict, node, text in rows
    ]
    document.close()
    return lines


def _name(tag: str, hints: str) -> str:
    """An element as CSS would name it, cut to fit a column."""
    return ".".join([tag, *hints.split()])[:24]
