"""The vocabulary: one article as the service extracts, stores and serves it.

Imports nothing of ours. Field names are those of the JSON, the SQL and GLOSSARY. Block types
omit what they do not state; an ``Article`` names every field, and null means "not stated".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Struct, field

Mark = Literal["strong", "em", "u", "s", "code", "sub", "sup", "mark"]
Direction = Literal["ltr", "rtl"]
Precision = Literal["second", "minute", "day", "month", "year", "none"]
Paywall = Literal["none", "metered", "hard", "unknown"]
Source = Literal[
    "json-ld", "microdata", "meta", "dom", "url", "feed", "rule", "caller", "text", "guess"
]
"""Which reader supplied a field; ``text`` is running prose or a plain-text input."""

ARTICLE_KINDS = frozenset({"article", "live_blog", "discussion", "gallery", "video", "audio"})
"""Page kinds that make an article; every other kind never becomes or replaces one."""

PageKind = Literal[
    "article", "live_blog", "discussion", "gallery", "video", "audio", "list", "consent", "captcha",
    "paywall_stub", "login", "error_page", "soft_404", "empty", "not_html",
]  # fmt: skip


class Span(Struct, omit_defaults=True):
    """An inline run of text; ``marks`` are ordered as in ``Mark``, ``href`` is absolute."""

    text: str
    marks: tuple[Mark, ...] = ()
    href: str | None = None


class Candidate(Struct, omit_defaults=True):
    """One size of an image: absolute ``src``, ``width`` in CSS pixels, ``density`` of ``2x``."""

    src: str
    width: int | None = None
    density: float | None = None


class Image(Struct, omit_defaults=True, kw_only=True):
    """An image: ``src`` is the largest sensible candidate, absolute; sizes in pixels."""

    src: str | None = None
    width: int | None = None
    height: int | None = None
    mime: str | None = None
    alt: str | None = None
    candidates: list[Candidate] = field(default_factory=list)


class Credit(Struct, omit_defaults=True, kw_only=True):
    """Who made an image: the printed ``text``, and its parts where they can be told apart."""

    text: str
    photographer: str | None = None
    agency: str | None = None


class LeadImage(Image, omit_defaults=True, kw_only=True):
    """The image of the article as a whole, with what is printed about it."""

    caption: str | None = None
    credit: Credit | None = None
    copyright_notice: str | None = None


class Block(Struct, tag_field="type", omit_defaults=True, kw_only=True):
    """A part of a body. ``id`` is stable: see ``with_ids``. ``lang`` only where it differs."""

    id: str = ""
    lang: str | None = None


class Paragraph(Block, tag="paragraph", kw_only=True):
    """Running text. ``spans`` are present only where some part has a mark or a link."""

    text: str
    spans: list[Span] = field(default_factory=list)
    role: Literal["body", "lead", "dateline", "correction", "update", "credit"] = "body"


class Heading(Block, tag="heading", kw_only=True):
    """A heading of a section; ``level`` 2 is the highest, 1 is the headline's own."""

    text: str
    level: int = 2
    spans: list[Span] = field(default_factory=list)


class Quote(Block, tag="quote", kw_only=True):
    """A block quotation; a ``pull`` repeats words of the body and may be left out."""

    blocks: list[AnyBlock]
    variant: Literal["block", "pull"] = "block"
    attribution: str | None = None
    cite: str | None = None


class List(Block, tag="list", kw_only=True):
    """A list; each item is a list of blocks, so lists nest."""

    items: list[list[AnyBlock]]
    ordered: bool = False
    start: int = 1


class Figure(Block, tag="figure", kw_only=True):
    """An image with what is printed about it, each kept apart. Text inputs have no ``image``."""

    image: Image | None = None
    caption: str | None = None
    credit: Credit | None = None
    copyright_notice: str | None = None
    role: Literal["lead", "inline"] = "inline"


class Gallery(Block, tag="gallery", kw_only=True):
    """Several figures that belong together, in order."""

    items: list[Figure]
    caption: str | None = None


class Video(Block, tag="video", kw_only=True):
    """A video: its file (``src``) or its page at a provider (``url``)."""

    provider: str | None = None
    src: str | None = None
    url: str | None = None
    poster: str | None = None
    duration_s: int | None = None
    caption: str | None = None


class Audio(Block, tag="audio", kw_only=True):
    """A sound: its file (``src``) or its page at a provider (``url``)."""

    provider: str | None = None
    src: str | None = None
    url: str | None = None
    duration_s: int | None = None
    caption: str | None = None


class Embed(Block, tag="embed", kw_only=True):
    """Content of another site: its provider, its URL, and its text if printed."""

    provider: Literal[
        "youtube", "x", "instagram", "tiktok", "facebook", "spotify", "datawrapper", "map", "other"
    ] = "other"
    url: str | None = None
    provider_id: str | None = None
    text: str | None = None


class Cell(Struct, omit_defaults=True, kw_only=True):
    """One cell of a table."""

    text: str
    spans: list[Span] = field(default_factory=list)
    colspan: int = 1
    rowspan: int = 1


class Table(Block, tag="table", kw_only=True):
    """A table of data (tables used for layout are dissolved)."""

    rows: list[list[Cell]]
    header: list[list[Cell]] = field(default_factory=list)
    caption: str | None = None


class Code(Block, tag="code", kw_only=True):
    """Preformatted text, white space kept."""

    text: str
    language: str | None = None


class Aside(Block, tag="aside", kw_only=True):
    """Text beside the story that belongs to it."""

    blocks: list[AnyBlock]
    role: Literal["infobox", "key_points", "note", "footnotes"] = "infobox"
    headline: str | None = None


class LiveEntry(Block, tag="live_entry", kw_only=True):
    """One entry of a live blog, or one post of a discussion with its ``author``."""

    blocks: list[AnyBlock]
    at: datetime | None = None
    author: str | None = None
    headline: str | None = None


class Separator(Block, tag="separator", kw_only=True):
    """A break between parts of the text."""


AnyBlock = (
    Paragraph | Heading | Quote | List | Figure | Gallery | Video | Audio | Embed | Table | Code
    | Aside | LiveEntry | Separator
)  # fmt: skip


class Author(Struct, kw_only=True):
    """A person or agency read from the byline or declared.

    The site itself only where the page signs with it and names nobody else.
    """

    name: str
    url: str | None = None
    role: str | None = None


class Timestamp(Struct, kw_only=True):
    """A stated time: ``at`` holds as much as ``precision`` says, the rest is zero (UTC), and keeps
    the zone that the page states.

    ``raw`` is the printed or declared text; a label without a date gives ``at`` null.
    """

    at: datetime | None = None
    raw: str | None = None
    precision: Precision = "none"
    source: Source | None = None


class Language(Struct, kw_only=True):
    """A BCP 47 ``code``, checked against the text; ``confidence`` from 0 to 1."""

    code: str
    confidence: float
    source: Source


class Site(Struct, kw_only=True):
    """Where the page was seen; ``domain`` is the registrable domain."""

    domain: str | None = None
    name: str | None = None
    icon: str | None = None


class Link(Struct, kw_only=True):
    """A link of the body."""

    href: str
    text: str


class Related(Struct, kw_only=True):
    """A link printed near the article; never part of the body."""

    title: str
    url: str | None = None
    image: str | None = None


class Rights(Struct, kw_only=True):
    """What the page says about its use; ``license`` is a URL or a name."""

    copyright_notice: str | None = None
    license: str | None = None


class Quality(Struct, kw_only=True):
    """The extractor's confidence, 0 to 1, and its warnings (stable words)."""

    score: float = 0.0
    warnings: list[str] = field(default_factory=list)


class Extractor(Struct, kw_only=True):
    """Which version of the engine made the article, and which site rule if any."""

    version: str
    rule: str | None = None


class Article(Struct, kw_only=True):
    """One structured article. ``id`` and the fields of storage are null until it is stored."""

    id: UUID | None = None
    revision: int | None = None
    content_hash: str | None = None
    requested_url: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    site: Site = field(default_factory=Site)
    page_kind: PageKind = "article"
    language: Language | None = None
    direction: Direction = "ltr"
    kicker: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    description: str | None = None
    excerpt: str | None = None
    byline: str | None = None
    authors: list[Author] = field(default_factory=list)
    published: Timestamp = field(default_factory=Timestamp)
    modified: Timestamp = field(default_factory=Timestamp)
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    breadcrumbs: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    lead_image: LeadImage | None = None
    body: list[AnyBlock] = field(default_factory=list)
    word_count: int = 0
    reading_time_s: int = 0
    links: list[Link] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    is_free: bool | None = None
    paywall: Paywall = "unknown"
    rights: Rights = field(default_factory=Rights)
    quality: Quality = field(default_factory=Quality)
    provenance: dict[str, Source] = field(default_factory=dict)
    extractor: Extractor | None = None
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    cluster_id: UUID | None = None
    fetched_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


_INSIDE: dict[type[Struct], Callable[[Any], Sequence[AnyBlock]]] = {
    **dict.fromkeys((Quote, Aside, LiveEntry), attrgetter("blocks")),
    Gallery: attrgetter("items"), List: lambda block: list(chain.from_iterable(block.items)),
}  # fmt: skip
_TAGS = {kind: kind.__struct_config__.tag for kind in get_args(AnyBlock)}


def children(block: AnyBlock) -> Sequence[AnyBlock]:
    """The blocks directly inside ``block``, in reading order; empty for a leaf."""
    return inside(block) if (inside := _INSIDE.get(block.__class__)) else ()


def walk(blocks: Sequence[AnyBlock]) -> Iterator[AnyBlock]:
    """Every block of a body, outer before inner, in reading order, however deep."""
    pending = list(reversed(blocks))
    while pending:
        yield (block := pending.pop())
        if inside := _INSIDE.get(block.__class__):
            pending.extend(reversed(inside(block)))


_OWN_TEXT: dict[type[Struct], Callable[[Any], str | None]] = {
    **dict.fromkeys((Paragraph, Heading, Code, Embed), attrgetter("text")),
    **dict.fromkeys((Figure, Gallery, Video, Audio), attrgetter("caption")),
    Table: lambda table: "\n".join(
        " ".join(cell.text for cell in row) for row in (*table.header, *table.rows)
    ),
}  # fmt: skip


def own_text(block: AnyBlock) -> str:
    """The text that ``block`` itself prints, without the blocks inside it."""
    return (read(block) or "") if (read := _OWN_TEXT.get(block.__class__)) else ""


def with_ids(blocks: Sequence[AnyBlock]) -> None:
    """Sets every block's ``id``: a hash of its type and normalised text, and its ordinal.

    Two equal blocks differ by ordinal only, so an edit elsewhere keeps a block's id.
    ``"<10 hex digits>"``, then ``"-2"``, ``"-3"`` for repetitions.
    """
    seen: dict[str, int] = {}
    for block in walk(blocks):
        digest = _digest(block)
        seen[digest] = ordinal = seen.get(digest, 0) + 1
        block.id = digest if ordinal == 1 else f"{digest}-{ordinal}"


def _digest(block: AnyBlock) -> str:
    text = own_text(block) or _address(block) or " ".join(own_text(b) for b in children(block))
    printed = f"{_TAGS[block.__class__]}\0{' '.join(text.casefold().split())}"
    return hashlib.blake2b(printed.encode(), digest_size=5).hexdigest()


def _address(block: AnyBlock) -> str | None:
    if isinstance(block, Figure):
        return block.image.src if block.image else None
    if isinstance(block, (Video, Audio)):
        return block.src or block.url
    return block.url if isinstance(block, Embed) else None


_encoder = msgspec.json.Encoder()
_instants = msgspec.msgpack.Decoder(Article)
STORAGE_FIELDS = frozenset({
    "id", "revision", "content_hash", "requested_url", "url", "cluster_id", "fetched_at",
    "created_at", "updated_at", "tags", "metadata", "extractor", "quality", "provenance",
})  # fmt: skip
"""Fields that say how and when an article was stored, not what it says."""


def content_hash(article: Article) -> str:
    """SHA-256 (hex) of what the article says, its times as instants: equal for equal content."""
    content = msgspec.structs.asdict(_instants.decode(msgspec.msgpack.encode(article)))
    for name in STORAGE_FIELDS:
        del content[name]
    return hashlib.sha256(_encoder.encode(content)).hexdigest()
