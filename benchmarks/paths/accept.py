"""POST /v1/ingestions, a page of 100 KB, against a bare INSERT of the same bytes and FastAPI."""

from __future__ import annotations

import asyncio
import gzip

import asyncpg
import msgspec

from benchmarks.figures import Figure
from benchmarks.harness import Case, serving
from benchmarks.load import Shot, request
from benchmarks.paths import Size, raced
from benchmarks.stack import Stack
from benchmarks.words import languages

PAGE_BYTES = 100_000
PEER = """
    create table bench_ingestion (id bigint generated always as identity primary key,
      url text not null, content bytea not null);
    alter table bench_ingestion alter column content set storage external
"""
URL = "https://news.example/a-story"


def page() -> bytes:
    """A page of 100 KB, as compressible as pages are."""
    words = languages(1)[0].stream
    lines, size, at = [], 0, 0
    while size < PAGE_BYTES:
        text = " ".join(words[at : at + 30])
        classes = f"story__text story__text--{at % 7} l-grid__column"
        lines.append(f'<div class="{classes}" data-id="{at * 7919 % 10_007}"><p>{text}</p></div>\n')
        size, at = size + len(lines[-1].encode()), at + 30
    body = "".join(lines)
    return f"<!doctype html><title>A story</title><article>{body}</article>".encode()


def run(stack: Stack, size: Size) -> list[Figure]:
    """Gzip body, raw body and JSON envelope, 16 connections."""
    raw = page()
    packed = gzip.compress(raw, 6)
    envelope = msgspec.json.encode({"url": URL, "html": raw.decode()})
    with stack.scratch() as url:
        asyncio.run(_create(url))
        key = {"authorization": f"Bearer {stack.key(url)}"}
        html = key | {"content-type": "text/html; charset=utf-8"}
        json = {"content-type": "application/json"}
        path = f"/v1/ingestions?url={URL}"

        def shots(target: str, headers: dict[str, str], body: bytes) -> list[Shot]:
            return [Shot(request("POST", target, headers, body), (202,))]

        cases = [
            Case(name="bare INSERT, gzip", server="floor", shots=shots("/", {}, packed)),
            Case(name="bare INSERT, raw", server="floor", shots=shots("/", {}, raw)),
            Case(name="FastAPI, JSON", server="peer",
                 shots=shots("/v1/ingestions", json, envelope)),
            Case(name="gzip body", server="api", against=("bare INSERT, gzip",),
                 shots=shots(path, html | {"content-encoding": "gzip"}, packed)),
            Case(name="raw body", server="api", against=("bare INSERT, raw",),
                 shots=shots(path, html, raw)),
            Case(name="JSON envelope", server="api", against=("FastAPI, JSON",),
                 shots=shots("/v1/ingestions", key | json, envelope)),
        ]  # fmt: skip
        commands = {
            "api": stack.api(url), "floor": stack.floor("accept", url), **stack.peer(url)
        }  # fmt: skip
        with serving(commands) as servers:
            return raced("accept", cases, servers, stack, size)


async def _create(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(PEER)
    await connection.close()
