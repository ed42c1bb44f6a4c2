"""The parser's own tree of a page: what needs XPath or changes works on it, the walk reads it.

The tree lives in C. An element of it costs little until it is asked for something.
"""

from __future__ import annotations

import re
from typing import Any

import turbohtml
from msgspec import Struct
from turbohtml import Element, Text

from service.extract.document.formulas import write_formulas
from service.extract.document.node import (
    ADDRESS_ATTRS,
    HIDING_ATTRS,
    HINT_ATTRS,
    PARTS_OF_LINES,
    PLAYER_TAGS,
    POST_ATTRS,
    UNREAD,
    VIDEO_ATTRS,
)
from service.extract.page import Page

_EMPTIED = sorted(UNREAD - {"script"})
_EDITS = "span.mw-editsection, span.editsection"
"""What MediaWiki sets into each heading to press: ``[edit]``."""
_JUMPS = 'a[href^="#"]'
_MARKS = frozenset("¶§#^↑↩⇧🔗⏎\u200b")
"""Links within a page that show only such marks: to a heading itself, from a note back to it."""
MARK_CHARS_MAX = 3
_NUMBER = re.compile(r"\s*\d{1,6}\s*")


def _any_of(*names: str) -> str:
    return ", ".join(f"[{name}]" for name in names)


_PLAYERS = (
    f":is({', '.join(sorted(PLAYER_TAGS))})"
    f":is({_any_of(*ADDRESS_ATTRS, *VIDEO_ATTRS, *POST_ATTRS)})"
)
_TELLING = (
    f"{_any_of(*HINT_ATTRS[1:], *sorted(HIDING_ATTRS), 'itemtype')}, [property]:not(meta), "
    + _PLAYERS
)
"""One selection for all that ask: each is a walk over the parser's tree."""


class Script(Struct, gc=False):
    """One script element, taken out of the tree; ``around`` is the element that it was in."""

    element: Element
    around: Any

    def get(self, name: str) -> str:
        """The value of an attribute, or an empty string."""
        return self.element.attr(name) or ""

    @property
    def text(self) -> str:
        return self.element.text


class Source:
    """A tree without its scripts, without what is inside elements that nobody reads, and without
    marks to press beside headings and notes.

    ``telling`` are the elements with an attribute other than ``class`` that the walk must see, or
    that readers look for: see ``Document.having``.
    """

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.scripts: list[Script] = []
        write_formulas(tree)
        for tag in _EMPTIED:  # the parser knows the elements of one tag without a search
            for element in tree.select(tag):
                element.clear()
        for element in tree.select("script"):
            if element.parent is not None:  # it was not inside one of the others
                self.scripts.append(Script(element, element.parent))
                element.extract()
        for element in tree.select(_JUMPS):
            if _is_mark(element):
                element.extract()
        for element in tree.select(_EDITS):
            element.extract()
        self.telling: set[Element] = set(tree.select(_TELLING))

    def take_out(self, elements: list[Element]) -> None:
        """Removes elements, and with them what they hold, from what is read from now on."""
        gone = set(elements)
        self.scripts = [
            script
            for script in self.scripts
            if gone.isdisjoint((script.around, *script.around.ancestors))
        ]
        for element in elements:
            element.extract()


def _is_mark(link: Element) -> bool:
    """Whether a link shows nothing but one of ``_MARKS``, perhaps drawn as an emoji."""
    shown = link.text.strip().rstrip("\ufe0e\ufe0f")
    return 0 < len(shown) <= MARK_CHARS_MAX and _MARKS.issuperset(shown)


def preformatted(element: Element, hidden: set[Element]) -> str:
    """The text inside ``element`` as it is written, without buttons, what is in ``hidden`` elements
    and the numbers of lines; breaks end lines, and so do blocks, which some highlighters make of
    each line of code."""
    found: list[str] = []
    numbers: list[int] = []
    stack: list[Any] = [*reversed(list(element.children))]
    while stack:
        part = stack.pop()
        kind = part.__class__
        if kind is Text:
            if part.parent is not element and _NUMBER.fullmatch(part.data) and _ended(found):
                numbers.append(len(found))
            found.append(part.data)
        elif part is None:
            if not _ended(found):
                found.append("\n")
        elif kind is Element and part.tag == "br":
            found.append("\n")
        elif kind is Element and part.tag != "button" and part not in hidden:
            ends = [None] if part.tag not in PARTS_OF_LINES else []
            stack += [*ends, *reversed(list(part.children)), *ends]
    return "".join(_without_numbers(found, numbers))


def _ended(found: list[str]) -> bool:
    """Whether what comes next begins a line."""
    return not found or found[-1].endswith("\n")


def _without_numbers(found: list[str], numbers: list[int]) -> list[str]:
    """Pieces of code without those ``numbers`` that begin every line, each one more than the last;
    a column of numbers alone stays."""
    lines = "".join(found).strip("\n").count("\n") + 1
    values = [int(found[at]) for at in numbers]
    if len(values) < max(2, lines) or values != [*range(values[0], values[0] + len(values))]:
        return found
    told = set(numbers)
    rest = ["" if at in told else piece for at, piece in enumerate(found)]
    return rest if any(map(str.strip, rest)) else found


def new_element(tag: str) -> Any:
    """An element for a tree, not in it yet."""
    return Element(tag)


def tree_of(page: Page) -> Any:
    """The parser's own tree of ``page``, for what needs XPath or to change it."""
    options: dict[str, Any] = {"positions": False, "allow_declarative_shadow_roots": False}
    if isinstance(page.content, str):
        return turbohtml.parse(page.content, **options)
    return turbohtml.parse(page.content, encoding=page.charset, detect_encoding=True, **options)
