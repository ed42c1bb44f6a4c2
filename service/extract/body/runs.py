"""Runs of inline content, and the lists and tables that are one line of a page each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.extract.document import PARTS_OF_LINES, Document, Node

CELL_CHARS_MAX = 600
TERMS_MIN = 2
TERM_CHARS_MAX = 160
BR_PARAGRAPH_CHARS = 80
"""Lines parted by single breaks are paragraphs where they are as long as this on average."""
_INDENT = re.compile(r"\s*(?:\u3000|\u2003\u2003)")
"""How Chinese and Japanese pages begin a paragraph."""


def edge(node: Node, *, last: bool = False) -> str:
    """A space where an inline element begins or ends with one, which ``text`` takes away."""
    if node.tag == "br":
        return " "
    children = node.children
    while children:
        child = children[-1 if last else 0]
        if isinstance(child, str):
            return " " if child[-1 if last else 0].isspace() else ""
        children = child.children
    return ""


def linked(node: Node, run: list[Node | str]) -> int:
    if node.in_link:
        return node.chars
    if run is node.children:
        return node.link_chars
    return sum(part.link_chars for part in run if not isinstance(part, str))


def parted(run: list[Node | str]) -> list[list[Node | str]]:
    """The paragraphs of a run: parted by ``<br><br>``, by a ``<br>`` before an indented line, or by
    each ``<br>`` if all are long."""
    pieces: list[list[Node | str]] = [[]]
    gaps: list[int] = []
    breaks = 0
    for part in _opened(run):
        if not isinstance(part, str) and part.tag == "br":
            breaks += 1
            continue
        if isinstance(part, str) and part.isspace():
            if not breaks:
                pieces[-1].append(part)
            continue
        if breaks:
            gaps.append(max(breaks, 2 if _is_indented(part) else 1))
            pieces.append([])
            breaks = 0
        pieces[-1].append(part)
    if not gaps:
        return pieces
    every = 1 if _all_long(pieces) else 2
    joined = [pieces[0]]
    for piece, gap in zip(pieces[1:], gaps, strict=True):
        if gap >= every:
            joined.append(piece)
        else:
            joined[-1] += ["\n", *piece]
    return joined


def _opened(run: list[Node | str]) -> Iterator[Node | str]:
    """The run with elements of mere style opened where breaks are inside them."""
    for part in run:
        if (
            isinstance(part, Node)
            and part.tag in _STYLE
            and any(isinstance(inner, Node) and inner.tag in _BREAKING for inner in part.children)
        ):
            yield from _opened(part.children)
        else:
            yield part


_STYLE = frozenset({"font", "span", "big", "small"})
_BREAKING = _STYLE | {"br"}


def _is_indented(part: Node | str) -> bool:
    while isinstance(part, Node):
        part = next(iter(part.children), "")
    return _INDENT.match(part) is not None


def _all_long(pieces: list[list[Node | str]]) -> bool:
    sizes = [sum(len(p) if isinstance(p, str) else p.chars for p in piece) for piece in pieces]
    return sum(sizes) / len(sizes) >= BR_PARAGRAPH_CHARS


def is_simple_list(node: Node) -> bool:
    """True where each item is one run of text, perhaps with a list or paragraphs inside it; lists
    right inside a list, as old editors nest them, are such, too."""
    for item in node.elements():
        if item.tag in {"ul", "ol"}:
            if not is_simple_list(item):
                return False
            continue
        if item.tag not in {"li", "meta", "template", "style"} and item.chars:
            return False
        if item.blocks > 4 or any(
            child.chars and child.tag not in _ITEM_PARTS for child in item.elements()
        ):
            return False
    return True


def is_glossary(node: Node) -> bool:
    """True for a ``<dl>`` of terms, each short, with what is said of them as one run or few."""
    parts = list(definitions(node))
    terms = [part for part in parts if part.tag == "dt"]
    if len(terms) < TERMS_MIN or parts[0].tag != "dt" or len(parts) == len(terms):
        return False
    return all(
        part.blocks <= 4
        and (part.tag == "dd" or part.chars <= TERM_CHARS_MAX)
        and all(not child.chars or child.tag in _ITEM_PARTS for child in part.elements())
        for part in parts
    )


def definitions(node: Node) -> Iterator[Node]:
    """The terms and their texts that a ``<dl>`` shows, also those wrapped in pairs."""
    for part in node.elements():
        for one in part.elements() if part.tag == "div" else (part,):
            if one.tag in {"dt", "dd"} and one.chars and not one.hidden:
                yield one


_ITEM_PARTS = PARTS_OF_LINES | {"p", "ul", "ol"}


def is_data_table(document: Document, table: Node) -> bool:
    """True for a table of data: several cells a row, none of them as long as a story."""
    if document.within(table, "table") or table.get("role") == "presentation":
        return False
    rows = document.within(table, "tr")
    cells = document.within(table, "td", "th")
    if len(rows) < 2 or len(cells) < 2 * len(rows) - 1:
        return bool(document.within(table, "th")) and len(cells) > len(rows) > 1
    return not any(
        cell.chars > CELL_CHARS_MAX or cell.paragraphs > 1 or cell.blocks > 12 for cell in cells
    ) and not document.within(table, "h1")
