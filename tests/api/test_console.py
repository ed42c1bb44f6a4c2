"""The console: for admins only, safe to look at, and its buttons do what they say."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID

import httpx
import pytest

from service.api.app import Api
from service.api.auth import SCOPES
from service.db import clients, console, ingestions
from service.ingest import Submission
from service.runtime import Runtime
from tests.api.conftest import client_of, make_key
from tests.web import Reply, Web
from tests.working import ended, page, submitted, working

TABS = ["", "/failures", "/articles", "/feeds", "/endpoints", "/clients"]
EVIL = "<script>alert(1)</script>"


def basic(key: str) -> dict[str, str]:
    """What a browser sends once it was given a key."""
    return {"Authorization": "Basic " + base64.b64encode(f"me:{key}".encode()).decode()}


@pytest.fixture(scope="module")
async def browser(api: Api, runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that holds an admin's key."""
    async with client_of(api) as client:
        client.headers.update(basic(await make_key(runtime, SCOPES)))
        client.headers["Sec-Fetch-Site"] = "same-origin"
        yield client


@pytest.fixture(scope="module")
async def stored(runtime: Runtime) -> dict[str, UUID]:
    """One article with a nasty headline, and one ingestion that failed."""
    client_id = (await clients.create(runtime.db, "console")).id
    sent = Submission(
        kind="html", url="https://evil.example/a",
        content=page(f"Bridge {EVIL.replace('<', '&lt;')} stays").encode() + EVIL.encode(),
    )  # fmt: skip
    broken = Submission(kind="url", url="http://10.0.0.1/secret")
    async with working(runtime):
        one, other = await ended(runtime, *await submitted(runtime, client_id, sent, broken))
    assert one.article_id
    return {"article": one.article_id, "failed": other.id}


@pytest.mark.parametrize("tab", TABS)
async def test_only_admins_see_it(
    api: Api, call: httpx.AsyncClient, runtime: Runtime, browser: httpx.AsyncClient, tab: str
) -> None:
    """Without a key the browser is asked for one; another scope is refused; an admin sees it."""
    reader = basic(await make_key(runtime, ("read",)))

    nobody = await call.get("/console" + tab)
    wrong = await call.get("/console" + tab, headers=reader)
    admin = await browser.get("/console" + tab)

    assert nobody.status_code == 401
    assert nobody.headers["www-authenticate"].startswith("Basic ")
    assert wrong.status_code == 403
    assert admin.status_code == 200
    assert "script" not in admin.headers["content-security-policy"]
    assert "<script" not in admin.text


async def test_a_password_opens_nothing_else(browser: httpx.AsyncClient) -> None:
    """Browsers send it to every path of the host, for the forms of other sites too."""
    form = {"Content-Type": "text/plain", "Sec-Fetch-Site": "cross-site"}

    read = await browser.get("/v1/articles")
    posted = await browser.post("/v1/ingestions", content="Not yours", headers=form)

    assert (read.status_code, posted.status_code) == (401, 401)
    assert "Bearer" in posted.json()["detail"]


async def test_an_article_stands_beside_its_original(
    browser: httpx.AsyncClient, stored: dict[str, UUID]
) -> None:
    """The preview and the original are framed, and nothing of them may run."""
    path = f"/console/articles/{stored['article']}"

    shown = await browser.get(path)
    preview = await browser.get(path + "/preview")
    original = await browser.get(path + "/original")

    assert "<script" not in shown.text
    assert "Bridge" in preview.text
    assert EVIL in original.text
    for answer in (preview, original):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'self'" in policy


async def test_an_original_keeps_the_charset_that_it_states(
    browser: httpx.AsyncClient, runtime: Runtime
) -> None:
    """A page whose charset stands in its ``meta`` alone is shown without another one."""
    client_id = (await clients.create(runtime.db, "charsets")).id
    content = page("Café de la gare").replace("<head>", '<head><meta charset="windows-1252">')
    sent = Submission(
        kind="html", url="https://latin.example/a", content=content.encode("windows-1252")
    )
    async with working(runtime):
        [one] = await ended(runtime, *await submitted(runtime, client_id, sent))

    shown = await browser.get(f"/console/articles/{one.article_id}/original")

    assert shown.headers["content-type"] == "text/html"
    assert "Café de la gare".encode("windows-1252") in shown.content


@pytest.mark.parametrize("path", ["/console", "/metrics", "/docs", "/v1/feeds/opml"])
async def test_a_text_states_its_charset_once(browser: httpx.AsyncClient, path: str) -> None:
    """The framework puts one behind every ``text/``, whether or not there is one."""
    key = base64.b64decode(browser.headers["authorization"][6:]).decode()[3:]
    by_key = {"Authorization": f"Bearer {key}"} if path.startswith("/v1") else {}

    answer = await browser.get(path, headers=by_key)

    assert answer.status_code == 200
    assert answer.headers["content-type"].count("charset=utf-8") == 1


async def test_equal_buttons_are_told_apart(
    browser: httpx.AsyncClient, stored: dict[str, UUID]
) -> None:
    """Who hears the page hears which of many failures a button tries again."""
    listed = await browser.get("/console/failures")

    labels = re.findall(r'<button aria-label="([^"]*)">Retry</button>', listed.text)
    assert labels
    assert listed.text.count("<button") == len(labels)
    assert all(re.fullmatch(r"Retry: \S+.*", label) for label in labels)


async def test_a_failure_is_told_and_tried_again(
    browser: httpx.AsyncClient, runtime: Runtime, stored: dict[str, UUID]
) -> None:
    """The failure is listed with its code, and its button queues it anew."""
    listed = await browser.get("/console/failures?code=url_forbidden")
    [action] = re.findall(rf'action="(/console/ingestions/{stored["failed"]}/retry)"', listed.text)

    answer = await browser.post(action)

    owner = await console.owner(runtime.db, stored["failed"])
    assert owner
    found = await ingestions.find(runtime.db, owner, stored["failed"])
    assert answer.status_code == 303
    assert found
    assert found.state == "queued"


async def test_failures_of_one_kind_are_tried_again_together(
    browser: httpx.AsyncClient, runtime: Runtime, origin: Web
) -> None:
    """The button of a group queues what failed with its code at its site, and nothing else."""
    client_id = (await clients.create(runtime.db, "groups")).id
    urls = [origin.reply(f"/{name}", Reply(410)) for name in ("a", "b")]
    sent = [Submission(kind="url", url=url) for url in (*urls, "http://10.0.0.1/other")]
    async with working(runtime):
        failed = await ended(runtime, *await submitted(runtime, client_id, *sent))
    listed = await browser.get("/console/failures")
    site = origin.url.removeprefix("http://").replace(":", "%3A")
    [action] = re.findall(rf'action="(/console/failures/retry\?code=http_4xx&amp;site={site})"',
                          listed.text)  # fmt: skip

    pressed = [await browser.post(unescape(action)) for _ in range(2)]
    one = await browser.post(f"/console/ingestions/{failed[0].id}/retry")

    states = [await ingestions.find(runtime.db, client_id, row.id) for row in failed]
    assert [answer.status_code for answer in (*pressed, one)] == [303, 303, 303]
    assert [row and row.state for row in states] == ["queued", "queued", "failed"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_form_of_another_site_is_refused(
    browser: httpx.AsyncClient, stored: dict[str, UUID], site: str
) -> None:
    """A page elsewhere cannot press our buttons with the browser's key."""
    path = f"/console/ingestions/{stored['failed']}/retry"

    answer = await browser.post(path, headers={"Sec-Fetch-Site": site})
    silent = await browser.post(path, headers={"Sec-Fetch-Site": "", "Origin": "https://b.example"})

    assert answer.status_code == silent.status_code == 403
