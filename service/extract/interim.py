"""A first reader of the head, until the metadata package is here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from service.article import Site
from service.extract.document import Document


def read_metadata(document: Document) -> Any:
    h1 = [n for n in document.by_tag.get("h1", []) if n.chars and not n.hidden]
    title = document.title.casefold()
    best = next((n for n in h1 if document.text(n).casefold() in title), h1[0] if h1 else None)
    image = document.meta("og:image")
    return SimpleNamespace(
        headline=document.text(best) if best else document.title,
        consumed={best.index: "headline"} if best else {},
        headline_index=best.index if best else None,
        standfirst=None,
        images=[(image, "meta")] if image else [],
        authors=[],
        site=Site(name=document.meta("og:site_name")),
    )
