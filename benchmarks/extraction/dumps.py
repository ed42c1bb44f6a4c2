"""Pages as the texts that people copy from them: what a browser shows, without a tag.

The training of the judges of plain texts makes its lines from the corpus with these.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from turbohtml import Text

from service.extract.document import tree_of
from service.extract.page import Page

_UNSEEN = frozenset({
    "audio", "canvas", "head", "iframe", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "video",
})  # fmt: skip
_APART = frozenset({
    "blockquote", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "ul",
})  # fmt: skip
_BELOW = frozenset({
    "address", "article", "aside", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "footer", "form", "header", "hgroup", "hr", "legend", "li",
    "main", "menu", "nav", "option", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr",
})  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_APART_MARK, _BELOW_MARK = "\x02", "\x01"
_ITEM = re.compile(r"^\*[ \n]+(?=[^\s*])", re.MULTILINE)
_IDLE = re.compile(r"^\* ?\n|\n\* ?$", re.MULTILINE)
"""The mark of an item with what parts it from its text, and one of an item without text."""
_MARKS = frozenset({_APART_MARK, _BELOW_MARK})


def dump(page: Page, *, flat: bool = False) -> str:
    """The text of a page, one block a line, paragraphs apart; ``flat`` leaves no line empty."""
    return _laid_out(_parts(tree_of(page), _Plain()), flat=flat)


def pieces(page: Page) -> str:
    """Every piece of text on a line of its own, as ``get_text("\\n", strip=True)`` gives it."""
    tree = tree_of(page)
    found = (part.strip() for part in _parts(tree, _Plain()) if part not in _MARKS)
    return "\n".join(" ".join(part.split()) for part in found if part and not part.isspace())


def markdown(page: Page) -> str:
    """The page as Markdown with the addresses of links and pictures, as readers of pages do it."""
    return _laid_out(_parts(tree_of(page), _Markdown()), flat=False)


def wrapped(page: Page, *, width: int = 78, indent: int = 3) -> str:
    """Lines of at most ``width``, as browsers without pictures dump them; links are numbered."""
    text = _laid_out(_parts(tree_of(page), _Numbered()), flat=False)
    margin = " " * indent
    return "\n".join(
        textwrap.fill(line, width, initial_indent=margin, subsequent_indent=margin)
        for line in text.split("\n")
    )


def _laid_out(parts: Iterator[str], *, flat: bool) -> str:
    text = re.sub(r"[ \t\r\n\f\xa0]+", " ", "".join(parts))
    text = re.sub(r" ?([\x01\x02]) ?", r"\1", text)
    text = re.sub(r"[\x01\x02]*\x02[\x01\x02]*", "\n" if flat else "\n\n", text)
    text = re.sub(r"\x01+", "\n", text).strip()
    return _IDLE.sub("", _ITEM.sub("* ", text))


class _Plain:
    """What is printed at the beginning and end of an element besides its text: nothing."""

    def edges(self, tag: str, attrs: dict[str, str]) -> tuple[str, str]:
        return "", ""


class _Numbered(_Plain):
    """Links with their numbers, items with a star, pictures with their names."""

    def __init__(self) -> None:
        self.links = 0

    def edges(self, tag: str, attrs: dict[str, str]) -> tuple[str, str]:
        if tag == "a" and attrs.get("href"):
            self.links += 1
            return f"[{self.links}]", ""
        if tag == "img":
            return f"[{attrs.get('alt') or 'IMG'}]", ""
        return ("* ", "") if tag == "li" else ("", "")


class _Markdown(_Plain):
    """Marks of Markdown."""

    def edges(self, tag: str, attrs: dict[str, str]) -> tuple[str, str]:
        if tag == "a" and attrs.get("href"):
            return "[", f"]({attrs['href']})"
        if tag == "img":
            return f"![{attrs.get('alt') or ''}]({attrs.get('src') or ''})", ""
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            return "#" * int(tag[1]) + " ", ""
        if tag in {"b", "strong"}:
            return "**", "**"
        return ("* ", "") if tag == "li" else ("", "")


def _parts(tree: Any, style: _Plain) -> Iterator[str]:
    pending = list(reversed(list(tree.children)))
    while pending:
        node = pending.pop()
        if isinstance(node, Text | str):
            yield node if isinstance(node, str) else node.text
            continue
        tag = getattr(node, "tag", None)
        if tag is None:  # a comment or the like
            continue
        if tag == "br":
            yield _BELOW_MARK
        elif tag not in _UNSEEN and not _is_hidden(node.attrs):
            mark = _APART_MARK if tag in _APART else _BELOW_MARK if tag in _BELOW else ""
            mark = " " if tag in {"td", "th"} else mark
            before, after = style.edges(tag, node.attrs)
            yield mark
            if before:
                yield before
            pending += [mark, after] if after else [mark]
            pending.extend(reversed(list(node.children)))


def _is_hidden(attrs: dict[str, str]) -> bool:
    return "hidden" in attrs or bool(_HIDING.search(attrs.get("style") or ""))
