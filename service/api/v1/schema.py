"""Inputs and outputs of v1, beside ``article.Article``. Inputs refuse unknown fields by name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import fields

from service.api.auth import Scope
from service.api.v1.fragments import Match
from service.article import Article, Extractor, PageKind, Quality, Source
from service.document import CARD_FIELDS
from service.errors import FieldError

BATCH_MAX = 1_000
LOOKUP_MAX = 500
BATCH_GET_MAX = 200

Url = Annotated[
    str,
    Meta(
        max_length=8_192,
        description="Absolute http or https address.",
        examples=["https://news.example/harbour-reopens"],
        extra_json_schema={"format": "uri"},
    ),
]
Tag = Annotated[str, Meta(min_length=1, max_length=200)]
State = Literal["queued", "running", "succeeded", "failed", "cancelled"]
Outcome = Literal["created", "updated", "unchanged", "duplicate", "kept_previous", "rejected"]


class Input(Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of what callers send."""


class PageIn(Input, kw_only=True):
    """One page to make an article of: ``url`` alone is fetched; ``html`` or ``text`` is not, and
    their ``url`` is their address, if known. To ignore robots.txt needs the scope `admin`."""

    url: Url | None = None
    html: Annotated[str, Meta(min_length=1)] | None = None
    text: Annotated[str, Meta(min_length=1)] | None = None
    client_ref: Annotated[str, Meta(max_length=255)] | None = None
    metadata: dict[str, Any] | None = None
    callback_url: Url | None = None
    priority: Literal["high", "normal", "low"] = "normal"
    robots: Literal["obey", "ignore"] = "obey"


class Failure(Struct, kw_only=True):
    """Why something failed: a stable word, and a sentence."""

    code: str
    detail: str | None = None


class AttemptOut(Struct, kw_only=True):
    """One attempt, and how it ended; ``robots`` is what robots.txt said to a fetch."""

    number: int
    stage: str
    started_at: datetime
    duration_ms: int
    http_status: int | None
    content_bytes: int | None
    error: Failure | None
    retryable: bool | None
    robots: Literal["obeyed", "absent", "ignored", "unreachable", "denied"] | None


class IngestionOut(Struct, kw_only=True):
    """A request to make an article, and its result.

    ``article`` is present when the caller waited and it succeeded, ``attempts`` in the answer for
    one ingestion.
    """

    id: UUID
    state: State
    stage: str
    kind: Literal["url", "html", "text"]
    requested_url: str | None
    client_ref: str | None
    metadata: dict[str, Any] | None
    batch_id: UUID | None
    source_id: UUID | None
    feed_id: UUID | None
    attempt: int
    attempts_max: int
    due_at: datetime | None
    outcome: Outcome | None
    article_id: UUID | None
    revision: int | None
    page_kind: str | None
    error: Failure | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: list[AttemptOut] | None = None
    article: Article | None = None


class BatchItem(Struct, kw_only=True, omit_defaults=True):
    """The answer to one item of a batch: the ingestion's ``id``, or the errors of the item."""

    index: int
    status: int
    id: UUID | None = None
    client_ref: str | None = None
    detail: str | None = None
    errors: tuple[FieldError, ...] = ()


class BatchOut(Struct, kw_only=True):
    """The answer to a batch; ``batch_id`` is null when no item was accepted."""

    batch_id: UUID | None
    accepted: int
    refused: int
    items: list[BatchItem]


class Debug(Struct, kw_only=True):
    """How an article was found."""

    page_kind: PageKind
    quality: Quality
    provenance: dict[str, Source]
    extractor: Extractor | None


class ExtractOut(Struct, kw_only=True, omit_defaults=True):
    """An article that was not stored; ``debug`` is present where it was asked for."""

    article: Article
    debug: Debug | None = None


class Highlight(Struct):
    """A fragment of the block ``block_id``; null is the headline."""

    block_id: str | None
    parts: list[Match]


Card: Any = msgspec.defstruct(
    "Card",
    [
        ("id", UUID),
        *((one.name, one.type | UnsetType, UNSET) for one in fields(Article) if one.name != "id"),
        ("highlights", list[Highlight] | UnsetType, UNSET),
    ],
    kw_only=True,
    namespace={
        "__doc__": "An article in a list, with what `view` or `include` and `fields` ask for: "
        "of a card, which is the default, these are always there: "
        f"{', '.join(f'`{name}`' for name in CARD_FIELDS)}."
    },
)


class CardPage(Struct, kw_only=True):
    """One page of articles; ``next_cursor`` is null on the last."""

    items: list[Card]
    next_cursor: str | None
    count: int | None = None


class ArticlePatch(Input, kw_only=True):
    """What callers may set: ``tags`` replaces the list; ``metadata`` is merged, and a key that is
    null is removed (RFC 7396). In a merge patch null in place of either removes all of it; in
    plain JSON it changes nothing."""

    tags: Annotated[list[Tag], Meta(max_length=100)] | UnsetType | None = UNSET
    metadata: dict[str, Any] | UnsetType | None = UNSET


class LookupIn(Input, kw_only=True):
    """URLs and ids to look up, at most 500 of each."""

    urls: Annotated[list[Url], Meta(max_length=LOOKUP_MAX)] = []
    ids: Annotated[list[UUID], Meta(max_length=LOOKUP_MAX)] = []


class LookupOut(Struct, kw_only=True):
    """For each URL and id, in the order of the request: the article's id, or null."""

    urls: list[UUID | None]
    ids: list[UUID | None]


class IdsIn(Input, kw_only=True):
    """Ids of articles."""

    ids: Annotated[list[UUID], Meta(min_length=1, max_length=BATCH_GET_MAX)]


class RevisionOut(Struct, kw_only=True):
    """One revision of an article."""

    number: int
    content_hash: str
    extractor_version: str
    created_at: datetime


class ClientIn(Input, kw_only=True):
    """A client, and the scopes of its first key."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=5)]
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class KeyIn(Input, kw_only=True):
    """Another key of a client."""

    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=5)]
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class KeyOut(Struct, kw_only=True):
    """A client key, without the key."""

    id: UUID
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut, kw_only=True):
    """A new client key: ``key`` is shown only here."""

    key: str


class ClientOut(Struct, kw_only=True):
    """A client and its keys."""

    id: UUID
    name: str
    created_at: datetime
    keys: list[KeyOut]


class NewClientOut(Struct, kw_only=True):
    """A new client with its first key, which is shown only here."""

    id: UUID
    name: str
    created_at: datetime
    key: NewKeyOut
