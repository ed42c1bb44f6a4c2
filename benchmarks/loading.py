"""Generated articles into a migrated database: by COPY, on several connections, indexes after the
rows, as anyone would who loads a million."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache

import asyncpg

from benchmarks import data
from benchmarks.words import SYLLABLES, Language, languages
from service.db import frequent_words

CHUNK = 5_000
LOADERS = 2 * (os.cpu_count() or 1)
"""Processes that make rows, each with a backend that indexes its texts."""
ALONE = 50_000
"""Fewer articles are loaded by this process."""
TEXTS = """
    create temporary table bench_text (id uuid, sort_at timestamptz, site_id int, cfg text,
      facets int[], headline text, lead text, body text)
"""
INDEX_TEXTS = """
    with made as materialized (
      select *, setweight(to_tsvector(cfg::regconfig, headline), 'A')
        || setweight(to_tsvector(cfg::regconfig, lead), 'B')
        || setweight(to_tsvector(cfg::regconfig, body), 'D') as tsv
      from bench_text)
    insert into article_search (id, sort_at, bucket, site_id, cfg, facets, tsv, pairs,
      lead_pairs)
    select id, sort_at, extract(year from sort_at at time zone 'utc')::int * 12
        + extract(month from sort_at at time zone 'utc')::int, site_id, cfg::regconfig, facets,
      tsv, search_pairs(tsv), search_pairs(ts_filter(tsv, '{a,b}'))
    from made
"""
LIST_BY_SETS = """
    insert into article_facet (facet_id, sort_at, article_id, mask, created_at, updated_at)
    select set_id, sort_at, t.id, mask, sort_at, sort_at
    from bench_text t, unnest(facets || -site_id) set_id, lateral (
      select bit_or(set_mask(other)) as mask from unnest(facets || -site_id) other) m
"""
IN_USE = """
    insert into search_bucket select distinct bucket from article_search;
    insert into search_config select distinct cfg from article_search
"""
PAIRED = """
    update article_search
    set pairs = search_pairs(tsv), lead_pairs = search_pairs(ts_filter(tsv, '{a,b}'))
"""
INDEXES = """
    select indexname, indexdef from pg_indexes
    where schemaname = 'public' and tablename = any($1::text[])
      and indexname not in (select conname from pg_constraint)
"""
TABLES = [
    "article", "article_facet", "article_likeness", "article_search", "change", "facet", "site",
]  # fmt: skip


async def load(
    url: str, count: int, *, docs: int = 0, seed: int = 1, say: Callable[[str], None] = print
) -> None:
    """``count`` articles are there, the first ``docs`` with documents, in an empty database."""
    connection = await _connected(url)
    try:
        await connection.execute("set maintenance_work_mem = '512MB'")
        await _name(connection)
        built = await _drop_indexes(connection)
        await connection.execute("alter table article_search disable trigger user")
        numbers = data.in_order(count, seed)
        spans = [numbers[n : n + CHUNK] for n in range(0, count, CHUNK)]
        few, many = (spans, []) if count <= ALONE else (spans[: ALONE // CHUNK], spans)
        for span in few:
            await _put(url, span, docs, seed)
        if many:
            await _list_words(connection)
            await asyncio.to_thread(_put_all, url, many[len(few) :], docs, seed, say)
        await connection.execute("alter table article_search enable trigger user")
        await connection.execute(IN_USE)
        for definition in built:
            await connection.execute(definition)
        await connection.execute("vacuum analyze")
        if await _is_super(connection):
            await connection.execute("checkpoint")
    finally:
        await connection.close()


async def _connected(url: str) -> asyncpg.Connection:
    """A connection that loads: it does not wait for the disk, and where it may, checks no
    references (the rows refer to each other by their making)."""
    connection = await asyncpg.connect(url, command_timeout=3_600)
    await connection.execute("set synchronous_commit = off")
    if await _is_super(connection):
        await connection.execute("set session_replication_role = replica")
    return connection


async def _is_super(connection: asyncpg.Connection) -> bool:
    found = await connection.fetchval("select rolsuper from pg_roles where rolname = current_user")
    return bool(found)


async def _name(connection: asyncpg.Connection) -> None:
    """Sites and facets have the numbers that ``data.article`` gives them."""
    sites = [(n + 1, data.name_of("site", n), f"Site {n}") for n in range(data.SITES)]
    await connection.copy_records_to_table("site", records=sites, columns=["id", "domain", "name"])
    named = {
        kind: [data.name_of(kind, n) for n in range(count)] for kind, count in data.KINDS.items()
    }
    named |= {"has": [*data.FLAGS], "page_kind": [*data.PAGE_KINDS], "lang": [*SYLLABLES]}
    facets = [
        (data.FACET_BASES[kind] + n, kind, value, value)
        for kind, values in named.items()
        for n, value in enumerate(values)
    ]
    await connection.copy_records_to_table(
        "facet", records=facets, columns=["id", "kind", "value", "label"]
    )


async def _list_words(connection: asyncpg.Connection) -> None:
    """Frequent words are listed once there are some rows, as a service does; these are paired."""
    await connection.execute("analyze article_search")
    await connection.execute(frequent_words.LIST.sql)
    await connection.execute(PAIRED)


async def _drop_indexes(connection: asyncpg.Connection) -> list[str]:
    found = await connection.fetch(INDEXES, TABLES)
    for row in found:
        await connection.execute(f'drop index "{row["indexname"]}"')
    return [row["indexdef"] for row in found]


def _put_all(
    url: str, spans: list[list[int]], docs: int, seed: int, say: Callable[[str], None]
) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(LOADERS, mp_context=spawn) as pool:
        tasks = [pool.submit(_put_alone, url, span, docs, seed) for span in spans]
        for done, task in enumerate(as_completed(tasks), 1):
            task.result()
            if done * CHUNK % 100_000 == 0:
                say(f"  {done * CHUNK:,} articles")


def _put_alone(url: str, span: list[int], docs: int, seed: int) -> None:
    asyncio.run(_put(url, span, docs, seed))


@cache
def _spoken(seed: int) -> list[Language]:
    return languages(seed)


async def _put(url: str, span: list[int], docs: int, seed: int) -> None:
    """The articles of ``span`` are stored."""
    made = [data.article(n, seed, _spoken(seed), is_full=n < docs) for n in span]
    connection = await _connected(url)
    try:
        await connection.execute(TEXTS)
        async with connection.transaction():
            for table, records in data.by_table(made):
                await connection.copy_records_to_table(
                    table, records=records, columns=data.COLUMNS[table]
                )
            await connection.execute(LIST_BY_SETS)
            await connection.execute(INDEX_TEXTS)
    finally:
        await connection.close()
