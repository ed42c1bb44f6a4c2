"""robots.txt in an ingestion: obeyed, recorded, and ignored only by who may."""

from __future__ import annotations

import pytest

from service.db import ingestions
from service.ingest import Submission
from service.runtime import Runtime
from tests.web import Web
from tests.working import a_client, ended, page, submitted, working


@pytest.mark.parametrize(
    ("options", "state", "robots"),
    [(None, "failed", "denied"), ({"ignores_robots": True}, "succeeded", "ignored")],
)
async def test_the_verdict_is_kept_with_the_attempt(
    runtime: Runtime, origin: Web, options: dict[str, bool] | None, state: str, robots: str
) -> None:
    """What robots.txt said is there to be shown; a page that it forbids is not asked for."""
    origin.page("/robots.txt", "User-agent: *\nDisallow: /no")
    url = origin.page("/no", page())
    client_id = await a_client(runtime)

    async with working(runtime):
        made = await submitted(runtime, client_id, Submission(kind="url", url=url, options=options))
        (done,) = await ended(runtime, *made)

    (attempt,) = await ingestions.attempts(runtime.db, done.id)
    assert (done.state, attempt.robots) == (state, robots)
    asked = [request.path for request in origin.requests]
    assert asked == (["/no"] if options else ["/robots.txt"])
