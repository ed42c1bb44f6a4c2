"""Puts the readers of all fields together; who spoke for a field is its provenance."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from service.article import Source
from service.extract.document import Document, Node
from service.extract.metadata.access import read_access, read_rights
from service.extract.metadata.addresses import (
    read_canonical,
    read_direction,
    read_feeds,
    read_images,
    read_languages,
)
from service.extract.metadata.authors import Authors, read_authors
from service.extract.metadata.breadcrumbs import read_breadcrumbs
from service.extract.metadata.claims import Claim
from service.extract.metadata.datelined import read_dateline
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.headline import declared_titles, read_headline
from service.extract.metadata.headline_text import without_kicker
from service.extract.metadata.linked_data import LinkedData, article_node, types_of
from service.extract.metadata.microdata import Microdata
from service.extract.metadata.model import Metadata
from service.extract.metadata.nearby import (
    Line,
    datelines,
    lines_at_end,
    lines_below,
    lines_near,
    signatures,
    signing,
)
from service.extract.metadata.published import read_times
from service.extract.metadata.scripted import scripted_date
from service.extract.metadata.site import read_site, site_keys, site_names
from service.extract.metadata.site_author import read_site_author
from service.extract.metadata.standfirst import read_description, read_standfirst, unsigned
from service.extract.metadata.titles import key
from service.extract.metadata.topics import (
    read_keywords,
    read_kicker,
    read_section,
    section_label,
)
from service.extract.metadata.unlabelled import named_at_edge
from service.extract.vocabulary import kind_of

_CONSUMED_KINDS = frozenset({"reading_time", "byline", "published", "modified"})


def read_metadata(document: Document) -> Metadata:
    """Everything that the head and the lines near the headline say about the article.

    Pure and bounded: linear in the size of the page. Fields that the page does not state are null.
    """
    metadata = Metadata()
    page = _evidence(document, metadata)
    headline = read_headline(page)
    if headline:
        _keep(metadata, "headline", headline)
    node = headline.nodes[0] if headline and headline.nodes else None
    metadata.headline_index = node.index if node else None
    lines = lines_near(document, node)
    _read_topics(page, metadata, lines, node)
    below = cache(partial(lines_below, document, node))
    _read_authors(page, metadata, lines, below, node)
    _read_times(page, metadata, lines, below, node)
    _read_rest(page, metadata)
    _consume_labels(metadata, lines)
    return metadata


def _evidence(document: Document, metadata: Metadata) -> Evidence:
    data = LinkedData(document.json_ld)
    titles = declared_titles(document)
    article = article_node(data, (document.url,), titles, is_sure=bool(document.story_heading))
    metadata.types = types_of(article)
    told = article.get("articleBody")
    metadata.told = told if isinstance(told, str) else ""
    page = Evidence(document, data, article, Microdata(document))
    names = site_names(page)
    title_keys = frozenset(map(key, titles))
    metadata.site, source = read_site(document, names, title_keys)
    _note(metadata, "site", source)
    metadata.languages = read_languages(page)
    metadata.direction = read_direction(document, metadata.languages)
    language = metadata.languages[0].tag if metadata.languages else ""
    keys = site_keys(names, title_keys, document.url)
    return page._replace(site_keys=keys, language=language)


def _note(metadata: Metadata, field: str, source: Source | None) -> None:
    if source:
        metadata.provenance[field] = source


def _keep(metadata: Metadata, field: str, claim: Claim) -> None:
    setattr(metadata, field, claim.value)
    metadata.provenance[field] = claim.source
    for node in claim.nodes:
        metadata.consumed.setdefault(node.index, field)


def _read_topics(
    page: Evidence, metadata: Metadata, lines: list[Line], headline: Node | None
) -> None:
    kicker = read_kicker(page.document, lines, headline, page.language)
    if (
        kicker
        and headline
        and headline.index < kicker.nodes[0].index < headline.end
        and metadata.headline == page.document.heading(headline)
    ):
        metadata.headline = without_kicker(
            metadata.headline, kicker.value, declared_titles(page.document)
        )
    title = metadata.headline or ""
    crumbs = read_breadcrumbs(page, title)
    claims = {
        "standfirst": read_standfirst(page, headline),
        "description": read_description(page),
        "kicker": kicker,
        "breadcrumbs": crumbs,
        "section": read_section(page, crumbs, lines, title),
        "keywords": read_keywords(page, title),
        "canonical_url": read_canonical(page),
    }
    for field, claim in claims.items():
        if claim:
            _keep(metadata, field, claim)


def _read_authors(
    page: Evidence, metadata: Metadata, lines: list[Line], below: Callable[[], list[Line]],
    headline: Node | None,
) -> None:  # fmt: skip
    """Reads the authors; looks further down the story, and at last at its end, only where none is
    named above it."""
    found = read_authors(page, lines)
    if not found.authors and (lower := signing(below())):
        found = read_authors(page, lower)
    if not found.authors and (signed := signatures(page.document, headline)):
        found = read_authors(page, signed)
    if not found.authors and (named := named_at_edge(page, headline)):
        found = Authors(named.authors, "dom", named.text, (named.node,))
    if not found.authors and (reporter := read_dateline(page, headline)).authors:
        found = reporter._replace(byline=found.byline, nodes=found.nodes)
    if not found.authors and (site := read_site_author(page, lines)):
        found = found._replace(authors=site.authors, source=site.source)
    metadata.authors, metadata.byline = found.authors, found.byline
    _note(metadata, "authors", found.source)
    for node in found.nodes:
        metadata.consumed.setdefault(node.index, "byline")
    if metadata.standfirst:
        names = [author.name for author in found.authors]
        metadata.standfirst = unsigned(metadata.standfirst, names) or None
        if metadata.standfirst is None:
            del metadata.provenance["standfirst"]


def _read_times(
    page: Evidence, metadata: Metadata, lines: list[Line], below: Callable[[], list[Line]],
    headline: Node | None,
) -> None:  # fmt: skip
    """Reads the times; looks further down, and at last at the story's end, only in want of one."""
    times = read_times(page, lines)
    if times.published.at is None and below():
        lines = [*lines, *below()]
        times = read_times(page, lines)
    if times.published.at is None:
        ends = [*datelines(page.document, headline), *lines_at_end(page.document, headline)]
        times = read_times(page, [*lines, *ends]) if ends else times
    metadata.published, metadata.modified = times.published, times.modified
    if metadata.published.at is None:
        guessed = scripted_date(page.document)
        metadata.published = guessed if guessed.at else metadata.published
    _note(metadata, "published", metadata.published.source)
    _note(metadata, "modified", times.modified.source)
    for node in times.nodes:
        metadata.consumed.setdefault(node.index, "date")


def _read_rest(page: Evidence, metadata: Metadata) -> None:
    access = read_access(page)
    metadata.is_free, metadata.paywall = access.is_free, access.paywall
    metadata.paywall_selectors = access.selectors
    _note(metadata, "is_free", access.source)
    metadata.rights, source = read_rights(page)
    _note(metadata, "rights", source)
    metadata.images = read_images(page)
    metadata.feeds, metadata.hubs = read_feeds(page.document)


def _consume_labels(metadata: Metadata, lines: list[Line]) -> None:
    """Marks the labels near the headline that no reader has taken."""
    for line in lines:
        if line.place in {"after", "before"} and line.node.index not in metadata.consumed:
            kind = kind_of(line.text)
            if kind in _CONSUMED_KINDS:
                metadata.consumed[line.node.index] = kind
    label = section_label(lines)
    if label:
        metadata.consumed.setdefault(label.node.index, "section")
