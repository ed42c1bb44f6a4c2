"""Small pages, shaped like real ones, for the tests of one field each."""

from __future__ import annotations

import json
from typing import Any

from service.extract.document import parse
from service.extract.metadata import Metadata, read_metadata
from service.extract.page import Page

URL = "https://www.example-post.com/politik/gipfel-in-genf-123.html"
PROSE = "<p>" + "Die Gespräche dauerten bis tief in die Nacht, und niemand gab nach. " * 4 + "</p>"


def read(head: str = "", body: str = "", *, lang: str = "de", url: str = URL) -> Metadata:
    """The metadata of a page of this head and body."""
    html = f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    return read_metadata(parse(Page(content=html, url=url)))


def story(*lines: str, headline: str = "Gipfel in Genf gescheitert", end: str = "") -> str:
    """An article: its headline, the lines under it, three paragraphs, and what follows them."""
    under = "".join(lines)
    return f"<main><article><h1>{headline}</h1>{under}{PROSE * 3}{end}</article></main>"


def linked(**node: Any) -> str:
    """A JSON-LD script that holds one news article."""
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **node}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def meta(**names: str) -> str:
    """Meta elements; a double underscore in a name stands for a colon."""
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{content}">'
        for name, content in names.items()
    )
