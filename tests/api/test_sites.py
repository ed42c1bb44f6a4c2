"""/v1/sites: how fetching from a site goes."""

from __future__ import annotations

import httpx
import pytest

from service.ingest import Submission
from service.runtime import Runtime
from tests.api.conftest import Caller
from tests.web import Reply, Web
from tests.working import a_client, ended, page, submitted, working


@pytest.fixture
async def fetched(runtime: Runtime, origin: Web) -> str:
    """A site of which one page was had and two were not; its domain."""
    client_id = await a_client(runtime)
    urls = [
        origin.page("/a", page()),
        origin.reply("/gone", Reply(410)),
        origin.reply("/pdf", Reply(200, b"%PDF-1.7", {"Content-Type": "application/pdf"})),
    ]
    async with working(runtime):
        made = await submitted(runtime, client_id, *[Submission(kind="url", url=u) for u in urls])
        await ended(runtime, *made)
    return f"127.0.0.1:{origin.port}"


async def test_a_site_says_how_its_fetches_went(fetched: str, admin: httpx.AsyncClient) -> None:
    """Counts, rate, failures by code, and how its hosts stand; other clients' pages stay theirs."""
    site = (await admin.get("/v1/sites/127.0.0.1")).json()

    assert (site["domain"], site["window_days"]) == ("127.0.0.1", 7)
    assert (site["succeeded"], site["failed"], site["pending"]) == (1, 2, 0)
    assert site["success_rate"] == 0.3333
    assert site["failures_by_code"] == {"http_4xx": 1, "type_unsupported": 1}
    assert site["last_failures"] == []
    (host,) = site["hosts"]
    assert (host["host"], host["breaker"], host["in_flight"]) == (fetched, "closed", 0)
    assert host["robots"] == {"state": "absent", "status": 404}


async def test_a_client_sees_its_own_failures(
    admin: httpx.AsyncClient, origin: Web, runtime: Runtime
) -> None:
    """Newest first, with code and detail."""
    url = origin.reply("/missing", Reply(404))
    async with working(runtime):
        wait = {"Prefer": "wait=10"}
        made = (await admin.post("/v1/ingestions", json={"url": url}, headers=wait)).json()

    site = (await admin.get("/v1/sites/127.0.0.1")).json()

    failure = site["last_failures"][0]
    assert (failure["ingestion_id"], failure["url"]) == (made["id"], url)
    assert failure["error"]["code"] == "http_4xx"


@pytest.mark.parametrize("domain", ["example.net", "www.example.net"])
async def test_an_unknown_site_is_not_found(admin: httpx.AsyncClient, domain: str) -> None:
    """Nothing is known of a site that nothing was fetched from."""
    assert (await admin.get(f"/v1/sites/{domain}")).status_code == 404


async def test_a_name_that_is_none_is_refused(admin: httpx.AsyncClient) -> None:
    """A clear error, not a search for nonsense."""
    assert (await admin.get("/v1/sites/a%20b")).status_code == 400


async def test_reading_needs_its_scope(caller: Caller) -> None:
    """The scope is read."""
    assert (await (await caller("ingest")).get("/v1/sites/127.0.0.1")).status_code == 403


async def test_ignoring_robots_txt_needs_the_scope_admin(
    caller: Caller, admin: httpx.AsyncClient
) -> None:
    """Who may only ingest obeys; the answer says what is missing."""
    page = {"url": "https://news.example/a", "robots": "ignore"}

    refused = await (await caller("ingest")).post("/v1/ingestions", json=page)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/robots"
    assert (await admin.post("/v1/ingestions", json=page)).status_code == 202


async def test_a_rule_is_put_shown_and_taken_away(admin: httpx.AsyncClient, caller: Caller) -> None:
    """A rule applies once it has passed its trials; only an admin may set it."""
    address = "/v1/sites/www.ruled.example/rule"
    rule = {"text": "title: //h1\nbody: //article\ntidy: no"}

    forbidden = await (await caller("read", "ingest")).put(address, json=rule)
    broken = await admin.put(address, json={"text": "body: //div["})
    tried = (await admin.put(address, json=rule | {"dry_run": True})).json()
    put = (await admin.put(address, json=rule)).json()
    again = (await admin.put(address, json=rule)).json()
    shown = (await admin.get(address)).json()

    assert (forbidden.status_code, broken.status_code) == (403, 400)
    assert "line 1" in broken.json()["detail"]
    assert (tried["applied"], tried["revision"]) == (False, None)
    assert (put["domain"], put["applied"], put["revision"]) == ("www.ruled.example", True, 1)
    assert (again["revision"], shown["revision"], shown["ignored"]) == (2, 2, ["tidy"])
    assert (await admin.delete(address)).status_code == 204
    assert (await admin.get(address)).status_code == 404
    assert (await admin.delete(address)).status_code == 404


async def test_a_rule_that_spoils_kept_pages_does_not_apply(
    admin: httpx.AsyncClient, runtime: Runtime
) -> None:
    """It is tried on the newest kept pages first; it applies by force alone."""
    client_id = await a_client(runtime)
    sent = Submission(kind="html", url="https://spoilt.example/a", content=page().encode())
    async with working(runtime):
        await ended(runtime, *await submitted(runtime, client_id, sent))
    rule = {"text": "body: //article\nstrip: //p[position()>1]"}

    refused = (await admin.put("/v1/sites/spoilt.example/rule", json=rule)).json()
    forced = await admin.put("/v1/sites/spoilt.example/rule", json=rule | {"force": True})

    assert (refused["applied"], [trial["passed"] for trial in refused["trials"]]) == (
        False,
        [False],
    )
    assert forced.json()["applied"] is True
