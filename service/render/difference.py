"""What changed between two revisions as a page: what is gone struck out, what is new underlined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.article import Article
from service.difference import BlockChange, Difference, FieldChange, Piece
from service.render.inline import text_html
from service.render.page import framed

_TELLING = ("name", "src", "code")
_TAGS = {"inserted": "ins", "deleted": "del"}


def to_difference(new: Article, found: Difference, from_number: int, to_number: int) -> str:
    """A document: the headline of ``new``, fields that changed, then the whole text in reading
    order with its changes."""
    return framed(new, "\n".join(_body(new, found, from_number, to_number)))


def _body(new: Article, found: Difference, from_number: int, to_number: int) -> Iterator[str]:
    yield f"<header>\n<h1>{text_html(new.headline or '–')}</h1>"
    yield f'<p class="meta"><span>{from_number} → {to_number}</span></p>\n</header>\n<main>'
    if found.fields:
        rows = "\n".join(map(_field, found.fields))
        yield f'<div class="table"><table>\n{rows}\n</table></div>'
    yield from map(_block, found.blocks)
    yield "</main>"


def _field(change: FieldChange) -> str:
    sides = (("del", change.old), ("ins", change.new))
    cells = "<br>".join(f"<{tag}>{_value(value)}</{tag}>" for tag, value in sides if value)
    return f"<tr><th>{text_html(change.name)}</th><td>{cells}</td></tr>"


def _value(value: Any) -> str:
    """A value by what a person knows it by: an author's name, a picture's address."""
    parts = value if isinstance(value, list) else [value]
    return text_html(", ".join(map(_told, parts)))


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return next((str(value[key]) for key in _TELLING if value.get(key)), "–")
    return str(value)


def _block(change: BlockChange) -> str:
    if change.pieces:
        html = " ".join(map(_piece, change.pieces))
    else:
        html = _piece(Piece("equal" if change.op == "changed" else change.op, change.text or "–"))
    tag = "h2" if change.type == "heading" else "p"
    label = "" if change.type in ("heading", "paragraph") else f"<small>{change.type}</small> "
    return f"<{tag}>{label}{html}</{tag}>"


def _piece(piece: Piece) -> str:
    html = text_html(piece.text)
    tag = _TAGS.get(piece.op)
    return f"<{tag}>{html}</{tag}>" if tag else html
