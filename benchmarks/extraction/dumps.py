"""Pages as the texts that people copy from them: what a browser shows, without a tag.

The training of the judges of plain texts makes its lines from the corpus with these.
"""

from __future__ import annotations

import re
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


def dump(page: Page, *, flat: bool = False) -> str:
    """The text of a page, one block a line, paragraphs apart; ``flat`` leaves no line empty."""
    parts = "".join(_parts(tree_of(page)))
    text = re.sub(r"[ \t\r\n\f\xa0]+", " ", parts)
    text = re.sub(r" ?([\x01\x02]) ?", r"\1", text)
    text = re.sub(r"[\x01\x02]*\x02[\x01\x02]*", "\n" if flat else "\n\n", text)
    return re.sub(r"\x01+", "\n", text).strip()


def _parts(tree: Any) -> Iterator[str]:
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
            yield mark
            pending.append(mark)
            pending.extend(reversed(list(node.children)))


def _is_hidden(attrs: dict[str, str]) -> bool:
    return "hidden" in attrs or bool(_HIDING.search(attrs.get("style") or ""))
