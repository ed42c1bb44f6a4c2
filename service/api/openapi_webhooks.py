"""The events that are sent out, as the description of the API shows them.

Payloads are written where things happen (``notify``, ``subscribe``); a test holds them to these.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from service.article import Article, PageKind

Json = dict[str, Any]


class ArticleEventData(Struct, kw_only=True):
    """The article that an event is about; as a whole where the endpoint has the payload `full`."""

    article_id: UUID
    revision: int | None
    url: str | None
    canonical_url: str | None
    site: str | None
    headline: str | None
    published_at: datetime | None
    page_kind: PageKind
    article: Article | UnsetType = UNSET


class DeletedEventData(Struct, kw_only=True):
    """The deleted article."""

    article_id: UUID
    url: str | None


class IngestionFailure(Struct, kw_only=True):
    """Why an ingestion failed."""

    code: str
    detail: str | None


class IngestionEventData(Struct, kw_only=True):
    """The ingestion that has ended, for its client alone; its article as a whole where the endpoint
    has the payload `full`."""

    ingestion_id: UUID
    batch_id: UUID | None
    requested_url: str | None
    outcome: str | None
    article_id: UUID | None
    revision: int | None
    page_kind: str | None
    error: IngestionFailure | None
    client_ref: str | None
    metadata: Json | None
    article: Article | UnsetType = UNSET


class BatchEventData(Struct, kw_only=True):
    """How many ingestions of a batch ended how, for its client alone."""

    batch_id: UUID
    total: int
    succeeded: int
    failed: int
    cancelled: int


class FailingFeedEventData(Struct, kw_only=True):
    """The feed that cannot be read, and why, for its client alone."""

    feed_id: UUID
    url: str
    code: str
    state: Literal["failing", "gone"]


class FeedEventData(Struct, kw_only=True):
    """The feed that can be read again, for its client alone."""

    feed_id: UUID
    url: str


class DisabledEventData(Struct, kw_only=True):
    """The endpoint that gets no more events, and why, for its client alone."""

    endpoint_id: UUID
    url: str
    reason: str


class TestEventData(Struct, kw_only=True):
    """The endpoint that is tested."""

    endpoint_id: UUID


class ArticleEvent(Struct, kw_only=True):
    """An article was created or updated."""

    type: Literal["article.created", "article.updated"]
    timestamp: datetime
    data: ArticleEventData


class DeletedEvent(Struct, kw_only=True):
    """An article was deleted."""

    type: Literal["article.deleted"]
    timestamp: datetime
    data: DeletedEventData


class IngestionEvent(Struct, kw_only=True):
    """An ingestion has ended."""

    type: Literal["ingestion.succeeded", "ingestion.failed"]
    timestamp: datetime
    data: IngestionEventData


class BatchEvent(Struct, kw_only=True):
    """A batch has ended."""

    type: Literal["batch.completed"]
    timestamp: datetime
    data: BatchEventData


class FailingFeedEvent(Struct, kw_only=True):
    """A feed cannot be read."""

    type: Literal["feed.failing"]
    timestamp: datetime
    data: FailingFeedEventData


class FeedEvent(Struct, kw_only=True):
    """A feed can be read again."""

    type: Literal["feed.recovered"]
    timestamp: datetime
    data: FeedEventData


class DisabledEvent(Struct, kw_only=True):
    """An endpoint was disabled."""

    type: Literal["endpoint.disabled"]
    timestamp: datetime
    data: DisabledEventData


class TestEvent(Struct, kw_only=True):
    """A test of an endpoint."""

    type: Literal["webhook.test"]
    timestamp: datetime
    data: TestEventData


WEBHOOKS: dict[str, tuple[type[Struct], str]] = {
    "article.created": (ArticleEvent, "A new article."),
    "article.updated": (
        ArticleEvent, "An article has a new revision, or its tags or metadata changed.",
    ),
    "article.deleted": (DeletedEvent, "An article was deleted."),
    "ingestion.succeeded": (IngestionEvent, "An ingestion of yours succeeded."),
    "ingestion.failed": (IngestionEvent, "An ingestion of yours failed."),
    "batch.completed": (BatchEvent, "Every ingestion of a batch of yours has ended."),
    "feed.failing": (FailingFeedEvent, "A feed of yours failed five times, or is gone."),
    "feed.recovered": (FeedEvent, "A feed of yours that was failing can be read again."),
    "endpoint.disabled": (
        DisabledEvent, "An endpoint of yours answered 410, or failed for five days.",
    ),
    "webhook.test": (TestEvent, "Asked for by `POST /v1/endpoints/{endpoint_id}/test`."),
}  # fmt: skip
"""Of each event its payload and when it is sent."""

WEBHOOK_HEADERS: list[Json] = [
    {"name": name, "in": "header", "required": True, "schema": {"type": "string"},
     "description": f"Standard Webhooks 1.0: {what}."}
    for name, what in {
        "webhook-id": "the same on each attempt",
        "webhook-timestamp": "seconds since 1970, of this attempt",
        "webhook-signature": "`v1,<base64>` for each active secret, separated by spaces",
    }.items()
]  # fmt: skip
