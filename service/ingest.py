"""Story 1: accept pages, and turn each accepted one into a stored article or a stated failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from service.article import Article
from service.db.idempotency import Answer, IdempotencyKey
from service.db.ingestions import Ingestion
from service.runtime import Runtime


class Submission(Struct, frozen=True, kw_only=True):
    """One page as a caller sends it; ``content`` is the HTML (as bytes sent) or text (UTF-8).

    ``kind`` url is fetched; html and text are not, and their ``url`` is their address if known.
    """

    kind: Literal["url", "html", "text"]
    url: str | None = None
    content: bytes | None = None
    charset: str | None = None
    client_ref: str | None = None
    metadata: dict[str, Any] | None = None
    callback_url: str | None = None
    options: dict[str, Any] | None = None
    priority: int = 1
    traceparent: str | None = None
    source_id: UUID | None = None
    feed_id: UUID | None = None


class Receipt(Struct, frozen=True):
    """What a submission led to; ``answer`` is given when an idempotency key asked for it."""

    ingestions: Sequence[Ingestion] = ()
    batch_id: UUID | None = None
    answer: Answer | None = None


async def submit(
    runtime: Runtime,
    client_id: UUID,
    submissions: Sequence[Submission],
    *,
    is_batch: bool = False,
    key: IdempotencyKey | None = None,
    respond: Callable[[Receipt], Answer] | None = None,
) -> Receipt:
    """The submissions are durable and queued, in order, in one transaction.

    With a ``key``, ``respond`` makes the answer that is kept with them; a repeat of the request
    gives a Receipt with that answer, ``is_replay``, and no ingestions. Raises
    ``DatabaseUnavailable``, ``Conflict`` and ``IdempotencyMismatch``.
    """
    raise NotImplementedError


async def wait(runtime: Runtime, ingestion: Ingestion, timeout_s: float) -> Ingestion:
    """The ingestion as it is when it has ended, or after ``timeout_s``."""
    raise NotImplementedError


async def cancel(runtime: Runtime, client_id: UUID, ingestion_id: UUID) -> Ingestion:
    """The ingestion is cancelled. Raises ``NotFound``, or ``Conflict`` when it had ended."""
    raise NotImplementedError


async def retry(runtime: Runtime, client_id: UUID, ingestion_id: UUID) -> Ingestion:
    """A failed or cancelled ingestion is queued anew. Raises ``NotFound`` and ``Conflict``."""
    raise NotImplementedError


async def extract(runtime: Runtime, submission: Submission) -> Article:
    """The article of a page, nothing stored.

    Raises ``FetchError``, ``ParseError`` and ``PageRejected``.
    """
    raise NotImplementedError


async def delete(runtime: Runtime, article_id: UUID, if_match: str | None = None) -> None:
    """The article is gone and leaves a tombstone.

    Raises ``NotFound``, ``Gone`` and ``PreconditionFailed``.
    """
    raise NotImplementedError
