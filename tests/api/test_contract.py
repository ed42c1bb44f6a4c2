"""schemathesis: generated requests for every operation, right and wrong, alone and in sequences;
every answer is one that the contract describes."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from service.api.auth import SCOPES
from service.runtime import Runtime
from tests.api.conftest import make_key
from tests.api.test_server import served

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "4"))
"""For each operation; ``make contract`` runs 50."""
SECONDS = os.environ.get("CONTRACT_SECONDS", "25")
"""When to stop making up more."""
CONFIG = Path(__file__).with_name("schemathesis.toml")


async def test_the_service_keeps_its_contract(runtime: Runtime, tmp_path: Path) -> None:
    """No answer that is not described, no broken input that is taken, no 5xx."""
    key = await make_key(runtime, SCOPES)
    async with served(runtime.settings, rate_per_minute=10_000_000, wait_max_s=0.2) as address:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"),
            f"http://{address}/openapi.json",
            *("--header", f"Authorization: Bearer {key}", "--max-examples", str(EXAMPLES)),
            *("--max-time", SECONDS, "--workers", "1"),  # ast.parse of 3.11 fails between threads
            *("--checks", "all", "--seed", "20261123", "--generation-database", "none"),
            *("--no-color", "--warnings", "off", "--suppress-health-check", "all"),
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), float(SECONDS) + 300)

    assert process.returncode == 0, "\n".join(line[:400] for line in output.decode().splitlines())
