"""The engine: one page, or text, to its article.

document -> stories -> metadata -> rule -> media -> body -> finish -> gate, each given what those
before it found.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import structs

from service.article import Article, Extractor
from service.extract import VERSION
from service.extract.body import read_body
from service.extract.document import Document, Node, parse
from service.extract.finish import finish
from service.extract.gate import judge_page
from service.extract.media import read_media
from service.extract.media.lead import place_lead
from service.extract.metadata import Metadata, read_metadata
from service.extract.page import Page
from service.extract.prescan import in_text
from service.extract.rules import read_rule
from service.extract.rules.apply import apply, links_of
from service.extract.rules.describe import describe
from service.extract.stories import own_story
from service.extract.text import read_text
from service.extract.thread.described import describe_discussion

__all__ = ["Document", "Node", "extract", "parse", "part_links"]

SAID = frozenset(Metadata.__struct_fields__) & frozenset(Article.__struct_fields__)
"""The fields of an article that its page's metadata fill as they are."""


def extract(page: Page) -> Article:
    """The article of a page, or of a plain text."""
    with _uncollected():
        page = in_text(page)
        article = read_text(page) if page.kind == "text" else _read_html(page)
    article.extractor = Extractor(version=VERSION, rule=page.rule_name or None)
    return article


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing inside is searched for cycles: a document frees itself, and the search for others
    among its thousands of live objects takes 8 % of the time of a page."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def part_links(page: Page) -> tuple[list[str], list[str]]:
    """What ``rules.links_of`` finds on a page by its own rule."""
    return links_of(read_rule(page.rule), in_text(page))


def _read_html(page: Page) -> Article:
    document = own_story(parse(page))
    metadata = read_metadata(document)
    ruled = apply(read_rule(page.rule), page) if page.rule else None
    story = ruled.story if ruled and ruled.story else document
    if story is not document:  # its nodes are others than those that metadata has consumed
        metadata = structs.replace(metadata, consumed={})
    media = read_media(story, metadata)
    body = read_body(story, metadata, media)
    article = _described(page, metadata)
    article.body, article.related = body.blocks, body.related
    if body.signatures:
        describe_discussion(article, body.signatures, opens=body.is_opened)
    if body.blocks and getattr(body.blocks[0], "text", None) == article.standfirst:
        article.standfirst = None  # it is all that the page says
    if any(metadata.consumed.get(index) == "standfirst" for index in media.consumed):
        article.standfirst = None  # it is printed as a caption
    article.lead_image = media.lead_image
    if media.lead_source:
        article.provenance["lead_image"] = media.lead_source
    place_lead(article)
    if ruled:
        describe(article, ruled)
    finish(article, metadata.languages)
    article.page_kind, article.quality = judge_page(page, document, metadata, article)
    return article


def _described(page: Page, metadata: Metadata) -> Article:
    """An article with all that the page says about itself, and no body yet."""
    said = {name: getattr(metadata, name) for name in SAID}
    return Article(**said, url=page.url, requested_url=page.requested_url)
