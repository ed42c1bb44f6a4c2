"""GET /v1/articles, twenty cards, against the bare SELECT and FastAPI."""

from __future__ import annotations

import asyncio

from benchmarks.figures import Figure
from benchmarks.harness import Case, serving
from benchmarks.load import Shot, request
from benchmarks.paths import Size, raced
from benchmarks.paths.read import prepare
from benchmarks.stack import Stack

PATH = "/v1/articles?limit=20"


def run(stack: Stack, size: Size) -> list[Figure]:
    """The newest twenty, identity, 16 connections."""
    url = stack.database(10_000)
    asyncio.run(prepare(url))
    key = {"authorization": f"Bearer {stack.key(url)}"}
    commands = {
        "api": stack.api(url), "floor": stack.floor("list", url), **stack.peer(url)
    }  # fmt: skip
    plain, ours = Shot(request("GET", PATH, {})), Shot(request("GET", PATH, key))
    cases = [
        Case(name="bare SELECT", server="floor", shots=[plain]),
        Case(name="FastAPI", server="peer", shots=[plain]),
        Case(name="20 cards", server="api", shots=[ours], against=("bare SELECT", "FastAPI")),
    ]
    with serving(commands) as servers:
        return raced("list", cases, servers, stack, size)
