"""Attempts that did not succeed: put back, try later, give up. The last good revision stays."""

from __future__ import annotations

from msgspec.structs import replace

from service.db import claims, identity, snapshots
from service.db.claims import Claim, Ending
from service.errors import BroadsheetError, FetchError, PageRejected, RobotsDenied
from service.ingest.acquire import snapshot_of
from service.ingest.process import Progress
from service.ingest.store import end
from service.queue import Job
from service.runtime import Runtime

DETAIL_CHARS_MAX = 500


async def put_back(runtime: Runtime, claim: Claim, due_in_s: float) -> bool:
    """The ingestion waits again, its attempt not counted; False when it is no longer ours."""
    is_ours = await claims.defer(runtime.db, claim, due_in_s)
    if is_ours and due_in_s <= 0:
        runtime.streams.send([Job("ingestion", claim.id, claim.priority)])
    return is_ours


async def try_later(
    runtime: Runtime,
    claim: Claim,
    progress: Progress,
    error: BroadsheetError,
    *,
    due_in_s: float,
    is_parser_death: bool,
) -> bool:
    """The ingestion waits for its next attempt; False when it is no longer ours."""
    ending = failed(progress, error, is_retryable=True)
    return await claims.retry_later(
        runtime.db, claim, ending, due_in_s=due_in_s, is_parser_death=is_parser_death
    )


async def give_up(
    runtime: Runtime, claim: Claim, progress: Progress, error: BroadsheetError
) -> Ending:
    """The ingestion has failed, for the stated reason. Raises ``LeaseLost``.

    If its address is that of an article, the article stays as it is (``kept_previous``).
    """
    ending = failed(progress, error, is_retryable=False)
    async with runtime.db.transaction() as transaction:
        known = None
        if claim.identity_key:
            known = await identity.validators(transaction, claim.identity_key)
        if isinstance(error, PageRejected):
            ending = replace(ending, outcome="rejected", page_kind=error.page_kind)
            if progress.acquired and progress.acquired.fetched:
                kept = snapshot_of(claim, progress.acquired.fetched)
                snapshot_id = (await snapshots.insert(transaction, kept)).id
                ending = replace(ending, snapshot_id=snapshot_id)
        if known is not None:
            ending = replace(
                ending,
                outcome="kept_previous",
                article_id=known.article_id,
                revision=known.revision,
            )
        deliveries = await end(transaction, claim, ending)
    runtime.streams.send(Job("delivery", id) for id in deliveries)
    return ending


def failed(progress: Progress, error: BroadsheetError, *, is_retryable: bool) -> Ending:
    """The attempt as it is recorded, with the reason of its failure."""
    detail = (error.detail or str(error)).replace("\0", "")[:DETAIL_CHARS_MAX]
    ending = replace(
        progress.ending(), error_code=error.code, error_detail=detail, is_retryable=is_retryable
    )
    if isinstance(error, FetchError):
        ending = replace(
            ending,
            http_status=error.http_status or ending.http_status,
            content_bytes=error.wire_bytes or ending.content_bytes,
            robots=robots_of(error) or ending.robots,
        )
    return ending


def robots_of(error: FetchError) -> str | None:
    """What robots.txt said, where that is why the page could not be fetched."""
    if isinstance(error, RobotsDenied):
        return "denied"
    return "unreachable" if error.stage == "robots" else None
