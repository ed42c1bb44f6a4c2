"""How a worker process starts: whatever is there already, and where it shows its metrics."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys

import httpx
import pytest

from service.db.migrate import migrate
from service.settings import Settings
from tests.api.test_server import environ_of

pytestmark = pytest.mark.timeout(400)


async def test_a_worker_waits_for_the_schema_and_says_so_once(settings: Settings, empty: str):
    """It starts by itself after ``migrate``; its metrics are shown from the beginning."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    changes = {"database_url": empty, "worker_metrics_port": port, "log_level": "info"}
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service", "worker",
        env=os.environ | environ_of(settings, changes), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert worker.stderr
    lines = []
    async with asyncio.timeout(120):
        lines.append(json.loads(await worker.stderr.readline()))
        async with httpx.AsyncClient() as client:
            shown = await client.get(f"http://127.0.0.1:{port}/metrics")
        await asyncio.sleep(2.5)  # it looks every second

        await migrate(empty)

        lines.append(json.loads(await worker.stderr.readline()))
        worker.terminate()
        _, rest = await worker.communicate()

    assert [line["event"] for line in lines] == ["worker waits", "worker started"]
    assert "python -m service migrate" in lines[0]["reason"]
    assert "broadsheet_" in shown.text
    assert (worker.returncode, b"broke" in rest) == (0, False)
