"""Tables of data."""

from __future__ import annotations

from collections.abc import Collection

from service.article import Cell, Table
from service.extract.body.inline import read_inline
from service.extract.document import Document, Node

SPAN_MAX = 100


def read_table(document: Document, node: Node, shown: Collection[int] = ()) -> Table | None:
    """The table of ``node``: rows of ``thead`` or of ``th`` alone at its top are its header.

    A row that is one cell with a picture of ``shown`` has its caption, which is told with it.
    """
    header: list[list[Cell]] = []
    rows: list[list[Cell]] = []
    for row in document.within(node, "tr"):
        cells = [cell for cell in row.elements() if cell.tag in {"td", "th"} and not cell.hidden]
        made = [_cell(document, cell) for cell in cells]
        if not any(cell.text for cell in made) or (len(cells) == 1 and _shows(cells[0], shown)):
            continue
        head = row.parent is not None and row.parent.tag == "thead"
        head = head or all(cell.tag == "th" for cell in cells)
        (header if head and not rows else rows).append(made)
    if not rows:
        header, rows = [], header
    caption = next(map(document.text, document.within(node, "caption")), "")
    return Table(rows=rows, header=header, caption=caption or None) if rows else None


def _shows(cell: Node, shown: Collection[int]) -> bool:
    return any(cell.index < index < cell.end for index in shown)


def _cell(document: Document, node: Node) -> Cell:
    text, spans = read_inline(document, node.children)
    columns, rows = _span(node.get("colspan")), _span(node.get("rowspan"))
    return Cell(text=text, spans=spans, colspan=columns, rowspan=rows)


def _span(value: str) -> int:
    value = value.strip()
    return max(1, min(int(value), SPAN_MAX)) if value.isdecimal() and len(value) < 6 else 1
