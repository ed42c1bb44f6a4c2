"""The lane of ingestions: process, and settle what did not succeed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from service import ingest
from service.db import claims
from service.db.claims import Claim
from service.errors import BroadsheetError, DatabaseUnavailable, LeaseLost
from service.ingest import Progress
from service.log import log
from service.queue import LaneName
from service.runtime import Runtime
from service.worker.metrics import ENDED, SITES, STAGE_S
from service.worker.outcome import GiveUp, LetGo, PutBack, TryLater, Verdict, outcome

RELEASE_S = 3.0
PAUSE_S = 1.0


class IngestionLane:
    """Ingestions, claimed under the name of this worker."""

    name: LaneName = "ingestion"

    def __init__(self, runtime: Runtime, worker: str) -> None:
        self.slots = runtime.settings.worker_concurrency
        self._runtime, self._worker = runtime, worker
        self._lease_s = runtime.settings.lease_s
        self._progress: dict[UUID, Progress] = {}

    async def claim(self, ids: Sequence[UUID]) -> list[Claim]:
        return await claims.claim(self._runtime.db, ids, self._worker, self._lease_s)

    async def claim_next(self, count: int) -> list[Claim]:
        return await claims.claim_next(self._runtime.db, count, self._worker, self._lease_s)

    async def renew(self, held: Sequence[Claim]) -> set[UUID]:
        rows = [(claim.id, claim.fence, self._stage(claim)) for claim in held]
        return await claims.renew(self._runtime.db, rows, self._lease_s)

    def _stage(self, claim: Claim) -> str:
        progress = self._progress.get(claim.id)
        return progress.stage if progress else "fetch"

    async def work(self, claim: Claim) -> None:
        progress = self._progress[claim.id] = Progress(asyncio.get_running_loop().time())
        try:
            ending = await ingest.process(self._runtime, claim, progress)
            self._report(claim, progress, ending.outcome or "", None)
        except asyncio.CancelledError:
            await self._release(claim)
            raise
        except Exception as error:
            await self._settle(claim, progress, error)
        finally:
            self._progress.pop(claim.id, None)

    async def _release(self, claim: Claim) -> None:
        """The row is given back at once; should that fail, its lease runs out."""
        try:
            async with asyncio.timeout(RELEASE_S):
                await ingest.put_back(self._runtime, claim, 0)
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("ingestion not released", ingestion_id=claim.id, error=repr(error))

    async def _settle(self, claim: Claim, progress: Progress, error: Exception) -> None:
        if not isinstance(error, BroadsheetError):
            log.error("ingestion broke", ingestion_id=claim.id, exc_info=error)
        verdict = outcome(error, claim, random.random())
        try:
            word = await self._persist(lambda: self._apply(claim, progress, verdict))
        except (LeaseLost, DatabaseUnavailable) as gone:
            word = gone.code
        self._report(claim, progress, word, error)

    async def _apply(self, claim: Claim, progress: Progress, verdict: Verdict) -> str:
        """The verdict is in Postgres; returns the word for it."""
        match verdict:
            case LetGo():
                return "lease_lost"
            case PutBack(due_in_s):
                await ingest.put_back(self._runtime, claim, due_in_s)
                return "put_back"
            case TryLater(error, due_in_s, is_parser_death):
                await ingest.try_later(
                    self._runtime, claim, progress, error,
                    due_in_s=due_in_s, is_parser_death=is_parser_death,
                )  # fmt: skip
                return "retry"
            case GiveUp(error):
                ending = await ingest.give_up(self._runtime, claim, progress, error)
                return ending.outcome or "failed"

    async def _persist(self, act: Callable[[], Awaitable[str]]) -> str:
        """What ``act`` returns, tried while Postgres is gone, for as long as the lease lasts."""
        deadline = asyncio.get_running_loop().time() + self._lease_s
        while True:
            try:
                return await act()
            except DatabaseUnavailable:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(PAUSE_S)

    def _report(self, claim: Claim, progress: Progress, word: str, error: Exception | None) -> None:
        """One log line for each attempt, its metrics, and a ring for callers that wait."""
        self._runtime.bell.ring(claim.id)
        ENDED.labels(SITES.label(claim.requested_url), claim.kind, word).inc()
        STAGE_S.labels("all").observe(progress.duration_ms / 1000)
        for stage, ms in (("fetch", progress.fetch_ms), ("parse", progress.parse_ms)):
            if ms is not None:
                STAGE_S.labels(stage).observe(ms / 1000)
        status = getattr(error, "http_status", None) or progress.http_status
        log.info(
            "ingestion", ingestion_id=claim.id, client_id=claim.client_id, outcome=word,
            error_code=getattr(error, "code", None), attempt=claim.attempt, stage=progress.stage,
            kind=claim.kind, http_status=status, duration_ms=progress.duration_ms,
            fetch_ms=progress.fetch_ms, parse_ms=progress.parse_ms,
            content_bytes=progress.content_bytes, trace_id=trace_id(claim.traceparent),
        )  # fmt: skip


def trace_id(traceparent: str | None) -> str | None:
    """The trace id of a W3C ``traceparent``: ``"00-<trace id>-<parent>-01"``."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) == 4 else None
