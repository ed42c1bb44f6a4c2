"""GET /v1/articles/{id}, 60 blocks, with everything on, against the bare SELECT and FastAPI."""

from __future__ import annotations

import asyncio
import urllib.request

import asyncpg

from benchmarks.figures import Figure
from benchmarks.harness import Case, serving
from benchmarks.load import Shot, request
from benchmarks.paths import Size, raced
from benchmarks.stack import Command, Stack
from service.document import decompress

IDS = 2_000
FILL = """
    drop table if exists bench_article;
    create table bench_article
      (id uuid primary key, headline text, language text, card json, document json)
"""


async def prepare(url: str) -> list[str]:
    """The ids to read; the peer's table holds the same documents."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select d.id, a.headline, a.language, a.card, d.body from article_doc d"
        " join article a using (id) order by d.id limit $1", IDS,
    )  # fmt: skip
    await connection.execute(FILL)
    records = [
        (r["id"], r["headline"], r["language"], r["card"].decode(), decompress(r["body"]).decode())
        for r in rows
    ]
    await connection.copy_records_to_table("bench_article", records=records)
    await connection.execute("analyze bench_article")
    await connection.close()
    return [str(row["id"]) for row in rows]


def etag(port: int, path: str, headers: dict[str, str]) -> str:
    """The validator of the representation that is asked for."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(asked) as reply:
        return str(reply.headers["ETag"])


def forgetful(api: Command) -> Command:
    """The same service, but every body comes from Postgres."""
    command, environ = api
    return command, environ | {"BROADSHEET_DOCUMENTS_KEPT_BYTES": "0"}


def run(stack: Stack, size: Size) -> list[Figure]:
    """Gzip, identity and 304 with 16 connections, gzip with 64; gzip with no document in memory."""
    url = stack.database(10_000)
    ids = asyncio.run(prepare(url))
    key = {"authorization": f"Bearer {stack.key(url)}"}
    zipped = key | {"accept-encoding": "gzip"}
    commands = {
        "api": stack.api(url), "forgetful": forgetful(stack.api(url)),
        "floor": stack.floor("read", url), **stack.peer(url),
    }  # fmt: skip
    paths = [f"/v1/articles/{id}" for id in ids]

    def shots(headers: dict[str, str], ok: int = 200) -> list[Shot]:
        return [Shot(request("GET", path, headers), (ok,)) for path in paths]

    with serving(commands) as servers:
        tag = etag(servers["api"].port, paths[0], zipped)
        known = request("GET", paths[0], zipped | {"if-none-match": tag})
        cases = [
            Case(name="bare SELECT, 16", server="floor", shots=shots({})),
            Case(name="bare SELECT, 64", server="floor", shots=shots({}), connections=64),
            Case(name="FastAPI, 16", server="peer", shots=shots({})),
            Case(name="gzip, 16", server="api", shots=shots(zipped),
                 against=("bare SELECT, 16", "FastAPI, 16")),
            Case(name="gzip, nothing kept, 16", server="forgetful", shots=shots(zipped),
                 against=("bare SELECT, 16",)),
            Case(name="gzip, 64", server="api", shots=shots(zipped), connections=64,
                 against=("bare SELECT, 64",)),
            Case(name="identity, 16", server="api", shots=shots(key),
                 against=("bare SELECT, 16",)),
            Case(name="304, 16", server="api", shots=[Shot(known, (304,))],
                 against=("bare SELECT, 16",)),
        ]  # fmt: skip
        return raced("read", cases, servers, stack, size)
