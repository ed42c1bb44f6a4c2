"""What the long-lived processes keep for themselves, at rest and after a load, and what a queued
ingestion costs Valkey: against the bytes that DESIGN allows."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import redis

from benchmarks.figures import Figure
from benchmarks.harness import Case, Server, serving, shoot, tree
from benchmarks.load import Shot, request
from benchmarks.paths import Size
from benchmarks.stack import Stack

API_MB, HINT_BYTES = 70, 150
BATCHES, BATCH = 10, 1_000
WARM_S = 2.0
PAGE = (Path(__file__).parents[2] / "service" / "sample.html").read_bytes()


def run(stack: Stack, size: Size) -> list[Figure]:
    """The API's process that serves, before and after pages came at 64 connections; Valkey."""
    with stack.scratch() as url, serving({"api": stack.api(url)}) as servers:
        api, key = servers["api"], {"authorization": f"Bearer {stack.key(url)}"}
        time.sleep(WARM_S)
        rest = own_mb(api)
        hint = hint_bytes(stack, api, key)
        pages = Case(name="pages, 64", server="api", shots=posts(key), connections=64)
        for number in range(size.rounds):
            shoot(pages, api.port, size.seconds, number)
        loaded = own_mb(api)
    return [
        figure("API, at rest", f"{API_MB} MB", rest / API_MB, f"{rest:.0f} MB"),
        figure("API, after pages at 64", "at rest", loaded / rest, f"{loaded:.0f} MB"),
        figure("Valkey, an ingestion", f"{HINT_BYTES} B", hint / HINT_BYTES, f"{hint:.0f} B"),
    ]


def figure(case: str, base: str, value: float, note: str) -> Figure:
    return Figure(path="memory", case=case, base=base, metric="bytes", value=value, note=note)


def own_mb(server: Server) -> float:
    """Megabytes that the largest process of ``server`` shares with nobody."""
    return max(map(private_mb, tree(server.process.pid)))


def private_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().split("\n")
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def posts(key: dict[str, str]) -> list[Shot]:
    """The sample page under a hundred addresses."""
    headers = key | {"content-type": "text/html"}
    paths = [f"/v1/ingestions?url=https://memory.example/{n}" for n in range(100)]
    return [Shot(request("POST", path, headers, PAGE), (202,)) for path in paths]


def hint_bytes(stack: Stack, api: Server, key: dict[str, str]) -> float:
    """What Valkey uses for one of ``BATCHES`` times ``BATCH`` ingestions that nobody works on."""
    valkey = redis.Redis.from_url(stack.redis_url)
    before = valkey.info("memory")["used_memory"]
    url = f"http://127.0.0.1:{api.port}/v1/ingestions/batch"
    for number in range(BATCHES):
        items = [{"url": f"https://hints.example/{number}/{at}"} for at in range(BATCH)]
        httpx.post(url, json=items, headers=key, timeout=60).raise_for_status()
    used: int = valkey.info("memory")["used_memory"] - before
    return used / (BATCHES * BATCH)
