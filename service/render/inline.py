"""Text, spans, links and attributes as HTML: where every value is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from service.article import Block, Span
from service.render.text import clean
from service.urls import safe_url

_MARKS = frozenset({"strong", "em", "u", "s", "code", "sub", "sup", "mark"})


def text_html(text: str) -> str:
    """Escaped text; a line end becomes ``<br>``."""
    return escape(clean(text)).replace("\n", "<br>\n")


def attribute(name: str, value: object | None) -> str:
    return "" if value is None else f' {name}="{escape(clean(str(value)))}"'


def lang_html(block: Block) -> str:
    return f'{attribute("lang", block.lang)} dir="auto"' if block.lang else ""


def inline(text: str, spans: Sequence[Span]) -> str:
    """The inline content of a block: its spans where it has any, else its text."""
    return "".join(map(_span, spans)) if spans else text_html(text)


def _span(span: Span) -> str:
    html = text_html(span.text)
    for mark in reversed(span.marks):
        if mark in _MARKS:
            html = f"<{mark}>{html}</{mark}>"
    return link(span.href, html)


def link(href: str | None, html: str) -> str:
    """``html`` as a link to ``href`` where that is a safe address, else as it is."""
    url = safe_url(href)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{html}</a>' if url else html


def time_html(at: datetime) -> str:
    """An instant as ``<time>``, in the zone that it is given in, which is told."""
    return f'<time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M %Z}</time>'
