"""Inline content: a run of nodes as text and, where it has marks or links, as spans."""

from __future__ import annotations

from collections.abc import Iterator

from service.article import Mark, Span
from service.extract.document import Document, Node

_MARKS: dict[str, Mark] = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "dfn": "em",
    "var": "em", "u": "u", "s": "s", "del": "s", "strike": "s", "code": "code", "kbd": "code",
    "samp": "code", "tt": "code", "sub": "sub", "sup": "sup", "mark": "mark",
}  # fmt: skip
_ORDER: tuple[Mark, ...] = ("strong", "em", "u", "s", "code", "sub", "sup", "mark")
_LINKS = ("http://", "https://", "mailto:", "tel:")
EMOJI_CHARS_MAX = 4
_NO_WIDTH = "\u200b\u2060\ufeff \n"

_Piece = tuple[str, tuple[Mark, ...], str | None]


def read_inline(document: Document, run: list[Node | str]) -> tuple[str, list[Span]]:
    """The text of ``run`` and its spans; no spans where nothing is marked or linked.

    White space is collapsed across elements; a line break becomes ``\\n``. Marks without width,
    which editors leave behind, are taken off both ends.
    """
    if len(run) == 1 and isinstance(run[0], str):
        return " ".join(run[0].split()).strip(_NO_WIDTH), []
    pieces = _joined(_collapsed(_pieces(document, run, (), None)))
    if pieces and (pieces[0][0][0] in _NO_WIDTH or pieces[-1][0][-1] in _NO_WIDTH):
        pieces = _trimmed(pieces)
    text = "".join(piece[0] for piece in pieces)
    if all(not marks and href is None for _, marks, href in pieces):
        return text, []
    return text, [Span(text=text, marks=marks, href=href) for text, marks, href in pieces]


def _trimmed(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces without marks and blanks at both ends."""
    shown = [at for at, piece in enumerate(pieces) if piece[0].strip(_NO_WIDTH)]
    pieces = pieces[shown[0] : shown[-1] + 1] if shown else []
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)) if shown else ():
        text, marks, href = pieces[end]
        pieces[end] = (strip(text, _NO_WIDTH), marks, href)
    return pieces


def _pieces(
    document: Document, run: list[Node | str], marks: tuple[Mark, ...], href: str | None
) -> Iterator[_Piece]:
    for part in run:
        if isinstance(part, str):
            yield part, marks, href
        elif part.tag == "br":
            yield "\n", marks, href
        elif part.hidden:
            continue
        elif part.tag == "img":
            yield _emoji(part), marks, href
        elif part.tag == "q":
            yield "“", marks, href
            yield from _pieces(document, part.children, marks, href)
            yield "”", marks, href
        else:
            inner = _with_mark(marks, _MARKS.get(part.tag))
            link = document.resolve(part.get("href")) if part.tag == "a" else None
            if part.tag not in _INLINE_TAGS:
                yield " ", marks, href
            if _is_drop_cap(part):
                yield document.text(part), marks, _GLUE
                continue
            yield from _pieces(document, part.children, inner, link or href)
            if part.tag not in _INLINE_TAGS:
                yield " ", marks, href


_INLINE_TAGS = frozenset(_MARKS) | {
    "a", "span", "font", "small", "big", "abbr", "acronym", "time", "ins", "bdi", "bdo", "data",
    "nobr", "ruby", "rb", "label", "wbr",
}  # fmt: skip


def _with_mark(marks: tuple[Mark, ...], mark: Mark | None) -> tuple[Mark, ...]:
    if mark is None or mark in marks:
        return marks
    return tuple(m for m in _ORDER if m in marks or m == mark)


def _is_drop_cap(part: Node) -> bool:
    """True for the first letter of a story, set large: it belongs to the word after it."""
    return part.chars == 1 and any(word in part.hints for word in _DROP_CAPS)


_DROP_CAPS = ("cap", "initial", "letter", "versal", "lettrine")
_GLUE = "glue:"
"""Stands for the link of a piece that the next one follows without a space."""


def _emoji(image: Node) -> str:
    """The sign that an image stands for, if that is what its text says, and no word."""
    alt = image.get("alt")
    is_sign = len(alt) <= EMOJI_CHARS_MAX and not alt.isascii() and not any(map(str.isalpha, alt))
    return alt if is_sign else ""


def _collapsed(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Collapses white space as a browser does, across the borders of pieces."""
    ended = "\n"
    waiting: _Piece | None = None
    glued = False
    for text, marks, href in pieces:
        if href == _GLUE:
            yield text, marks, None
            ended, glued = "\n", True
            continue
        if glued and text.isspace():
            continue
        glued = False
        if text == "\n":
            waiting = ("\n", marks, href)
            continue
        words = " ".join(text.split())
        if not words:
            if text and waiting is None and ended not in " \n":
                waiting = (" ", marks, href)
            continue
        if waiting is not None:
            if ended != "\n" or waiting[0] == " ":
                yield waiting
                ended = waiting[0]
            waiting = None
        lead = " " if text[0].isspace() and ended not in " \n" else ""
        yield lead + words, marks, href
        ended = words[-1]
        if text[-1].isspace():
            waiting = (" ", marks, href)


def _joined(pieces: Iterator[_Piece]) -> list[_Piece]:
    """Neighbours of equal style as one; white space takes the style of the text before it."""
    joined: list[tuple[list[str], tuple[Mark, ...], str | None]] = []
    for text, marks, href in pieces:
        if joined and (
            joined[-1][1:] == (marks, href) or (text.isspace() and joined[-1][2] is None)
        ):
            joined[-1][0].append(text)
        else:
            joined.append(([text], marks, href))
    return [("".join(texts), marks, href) for texts, marks, href in joined]
