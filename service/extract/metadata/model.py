"""What ``read_metadata`` answers."""

from __future__ import annotations

from msgspec import Struct, field

from service.article import Author, Direction, Paywall, Rights, Site, Source, Timestamp


class LanguageClaim(Struct, frozen=True):
    """A language tag that the page declares, not yet checked against its text."""

    tag: str
    source: Source


class Metadata(Struct, kw_only=True):
    """The fields of an article apart from its body and figures; null where the page is silent.

    ``consumed`` maps the index of a node to the field that it prints: the body leaves out these
    nodes and all that is inside them. ``images`` are addresses that may show the lead image, the
    surest first. ``paywall_selectors`` are the CSS selectors that JSON-LD gives for paid parts.
    """

    canonical_url: str | None = None
    site: Site = field(default_factory=Site)
    kicker: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    description: str | None = None
    byline: str | None = None
    authors: list[Author] = field(default_factory=list)
    published: Timestamp = field(default_factory=Timestamp)
    modified: Timestamp = field(default_factory=Timestamp)
    section: str | None = None
    breadcrumbs: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    images: list[tuple[str, Source]] = field(default_factory=list)
    languages: list[LanguageClaim] = field(default_factory=list)
    direction: Direction = "ltr"
    is_free: bool | None = None
    paywall: Paywall = "unknown"
    paywall_selectors: list[str] = field(default_factory=list)
    rights: Rights = field(default_factory=Rights)
    feeds: list[str] = field(default_factory=list)
    hubs: list[str] = field(default_factory=list)
    provenance: dict[str, Source] = field(default_factory=dict)
    consumed: dict[int, str] = field(default_factory=dict)
    headline_index: int | None = None
    types: frozenset[str] = frozenset()
    """The lower-case schema.org types of the page's own node in JSON-LD."""
    told: str = ""
    """The text of the article as that node holds it; where several do, the longest is another's."""
