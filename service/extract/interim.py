"""First readers of the head and of media, until those packages are here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from service.extract.document import Document


def read_metadata(document: Document) -> Any:
    h1 = [n for n in document.by_tag.get("h1", []) if n.chars and not n.hidden]
    title = document.title.casefold()
    best = next((n for n in h1 if document.text(n).casefold() in title), h1[0] if h1 else None)
    return SimpleNamespace(
        headline=document.text(best) if best else document.title,
        consumed={best.index: "headline"} if best else {},
        standfirst=None,
        images=[
            (url, "meta")
            for name in ("og:image", "twitter:image")
            for content in document.metas.get(name, ())
            if (url := document.resolve(content))
        ],
    )
