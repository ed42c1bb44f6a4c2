"""The console in a real browser: it asks for the key, shows its pages, frames an article."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from service.api.auth import SCOPES
from service.ingest import Submission
from service.runtime import Runtime
from service.settings import Settings
from tests.api.conftest import make_key
from tests.api.test_server import served
from tests.working import a_client, ended, page, submitted, working

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
TABS = {
    "": "Throughput by hour", "/failures": "By site and code", "/articles": "Bridge stays open",
    "/feeds": "Nothing here.", "/endpoints": "Deliveries in trouble", "/clients": "Last used",
}  # fmt: skip

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
    pytest.mark.timeout(900),
]


async def dom(address: str, folder: Path) -> str:
    """The document that the browser has built of ``address``."""
    process = await asyncio.create_subprocess_exec(
        CHROMIUM or "", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--window-size=390,800", "--dump-dom",
        "--virtual-time-budget=5000", f"--user-data-dir={folder}", address,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    shown, _ = await asyncio.wait_for(process.communicate(), 120)
    return shown.decode()


async def test_the_pages_of_the_console(
    settings: Settings, runtime: Runtime, tmp_path: Path
) -> None:
    """Each tab is drawn for a key given as the browser gives it, and an article beside its page."""
    key = await make_key(runtime, SCOPES)
    sent = Submission(kind="html", url="https://seen.example/a", content=page().encode())
    async with working(runtime):
        [done] = await ended(runtime, *await submitted(runtime, await a_client(runtime), sent))

    async with served(settings) as address:
        base = f"http://me:{key}@{address}/console"
        shown = {tab: await dom(base + tab, tmp_path) for tab in TABS}
        article = await dom(f"{base}/articles/{done.article_id}", tmp_path)

    assert {tab: text in shown[tab] for tab, text in TABS.items()} == dict.fromkeys(TABS, True)
    assert article.count("<iframe") == 2
    assert "Bridge stays open" in article
