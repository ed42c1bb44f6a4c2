"""Headings that are no heading elements: short lines in bold between paragraphs."""

from __future__ import annotations

from service.extract.body.lines import Line
from service.extract.document import Node

CHARS_MAX = 80
PROSE_CHARS_MIN = 60
_BOLD = frozenset({"b", "strong"})
_WRAPPERS = frozenset({"span", "u", "font", "em", "i"})
_ENDS = frozenset('.!?:;,…。！？：；，؟،؛»”"')
"""A question in bold is asked in an interview more often than it heads a part."""


def raise_bold(lines: list[Line], scale: float) -> None:
    """Makes headings of the bold lines of a story that has no other headings.

    Old editors and mailers write them so. Where a story has real headings, or a line ends as a
    sentence does, bold lines are something else: answers, teasers, signatures.
    """
    if any(line.kind == "heading" for line in lines):
        return
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        told = before.kind != "heading" and after.kind == "text" and not _is_bold(after)
        if told and after.chars * scale >= PROSE_CHARS_MIN and _is_bold(line):
            line.kind = "heading"


def _is_bold(line: Line) -> bool:
    """Whether a short paragraph is bold as a whole and ends as titles do."""
    if line.kind != "text" or not 3 <= line.chars <= CHARS_MAX or line.text[-1] in _ENDS:
        return False
    if line.item is not None or line.quote is not None or line.link_chars:
        return False
    return line.node.tag in {"p", "div"} and holds_bold(line.run)


def holds_bold(run: list[Node | str]) -> bool:
    parts = [part for part in run if (part.strip() if isinstance(part, str) else part.chars)]
    if len(parts) != 1 or isinstance(parts[0], str):
        return False
    inner = parts[0]
    return inner.tag in _BOLD or (inner.tag in _WRAPPERS and holds_bold(inner.children))
