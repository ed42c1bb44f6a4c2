"""Pages in, structured articles out. Pure: no I/O, clock, settings, logging or mutable state."""

from __future__ import annotations

from service.article import Article, with_ids
from service.extract.body import read_body
from service.extract.document import Document, Node, parse
from service.extract.interim import read_metadata
from service.extract.media import read_media
from service.extract.page import Page

__all__ = ["Document", "Node", "Page", "extract", "parse"]


def extract(page: Page) -> Article:
    """The article of a page."""
    document = parse(page)
    metadata = read_metadata(document)
    media = read_media(document, metadata)
    body = read_body(document, metadata, media)
    article = Article(
        headline=metadata.headline, body=body.blocks, url=page.url, lead_image=media.lead_image
    )
    with_ids(article.body)
    document.close()
    return article
