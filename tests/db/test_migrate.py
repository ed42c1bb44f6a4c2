"""The runner of migrations: each file once, in order, by one process at a time."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from service.db.migrate import (
    MIGRATIONS,
    MigrationError,
    SchemaBehind,
    check_schema,
    migrate,
    newest,
    read,
)
from service.db.session import Command, open_db
from tests.conftest import with_database


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two migrations."""
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (n int); INSERT INTO one VALUES (1);")
    (tmp_path / "0002_two.sql").write_text("CREATE TABLE two AS SELECT n + 1 AS n FROM one;")
    return tmp_path


async def value(database_url: str, sql: str) -> object:
    connection = await asyncpg.connect(database_url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_files_are_applied_once(empty, files):
    """The first run applies all files in order, the next one none, a later one what is new."""
    assert await migrate(empty, files) == ["0001_one", "0002_two"]
    assert await migrate(empty, files) == []
    (files / "0003_three.sql").write_text("UPDATE two SET n = 3;")

    assert await migrate(empty, files) == ["0003_three"]
    assert await value(empty, "SELECT n FROM two") == 3


async def test_a_database_that_lacks_migrations_is_told(empty):
    """Empty, and one behind, it is not what this code needs; up to date, and newer, it is."""
    async with open_db(empty, pool_max=1, timeout_s=10) as db:
        with pytest.raises(SchemaBehind):
            await check_schema(db)
        await migrate(empty)
        await check_schema(db)
        await db.run(Command("update schema_migrations set number = number + 1 where number = $1"),
                     newest())  # fmt: skip
        await check_schema(db)
        await db.run(Command("delete from schema_migrations where number > $1"), newest())

        with pytest.raises(SchemaBehind):
            await check_schema(db)


async def test_only_one_of_many_applies(empty, files):
    """Of eight processes that migrate at once, one does, and all return when it is done."""
    runs = await asyncio.gather(*(migrate(empty, files) for _ in range(8)))

    assert sorted(map(len, runs)) == [0] * 7 + [2]
    assert await value(empty, "SELECT count(*) FROM one") == 1


async def test_failed_file_leaves_nothing(empty, files):
    """A file with a fault leaves no effect and no row; those before it stay."""
    (files / "0003_bad.sql").write_text("CREATE TABLE three (n int); SELECT nonsense;")

    with pytest.raises(MigrationError, match=r"0003_bad: .*nonsense"):
        await migrate(empty, files)

    assert await value(empty, "SELECT to_regclass('three')") is None
    assert await value(empty, "SELECT count(*) FROM schema_migrations") == 2


async def test_marker_runs_outside_of_a_transaction(empty, files):
    """An index can be built concurrently, even while another process waits to migrate."""
    (files / "0003_index.sql").write_text(
        "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS one_n ON one (n)"
    )

    runs = await asyncio.gather(*(migrate(empty, files) for _ in range(3)))

    assert sorted(map(len, runs)) == [0, 0, 3]
    assert await value(empty, "SELECT to_regclass('one_n')::text") == "one_n"


async def test_an_index_that_was_cut_short_is_made_anew(empty, files):
    """What a killed or failed run left behind is not taken for the index."""
    await migrate(empty, files)
    make = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_n ON one (n)"
    (files / "0003_index.sql").write_text(f"-- migrate: no-transaction\n{make}")
    await value(empty, "INSERT INTO one VALUES (1)")
    with pytest.raises(MigrationError, match="0003_index"):
        await migrate(empty, files)
    await value(empty, "DELETE FROM one")

    assert await migrate(empty, files) == ["0003_index"]
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_n'::regclass"
    assert await value(empty, valid) is True


async def test_an_index_of_others_is_left_alone(empty, files):
    """An operator's own index that is being made, or failed, is not ours to drop."""
    await migrate(empty, files)
    await value(empty, "INSERT INTO one VALUES (1)")
    with pytest.raises(asyncpg.UniqueViolationError):
        await value(empty, "CREATE UNIQUE INDEX CONCURRENTLY theirs ON one (n)")
    make = "CREATE INDEX CONCURRENTLY IF NOT EXISTS one_n ON one (n)"
    (files / "0003_index.sql").write_text(f"-- migrate: no-transaction\n{make}")

    assert await migrate(empty, files) == ["0003_index"]
    assert await value(empty, "SELECT to_regclass('theirs')::text") == "theirs"


async def test_a_database_that_cannot_hold_every_character_is_refused(empty, files):
    """Articles of other scripts would fail there, one by one."""
    name = f"latin_{uuid4().hex[:12]}"
    await value(
        empty,
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1'"
        " LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'",
    )
    try:
        with pytest.raises(MigrationError, match=f"LATIN1, which .*: CREATE DATABASE {name}"):
            await migrate(with_database(empty, name), files)
    finally:
        await value(empty, f"DROP DATABASE {name}")


ARTICLES = """
    WITH put AS (
      INSERT INTO article (page_kind, language, sort_at, word_count, revision, content_hash,
        text_hash, extractor_version, card, fetched_at)
      SELECT 'article', CASE n % 3 WHEN 0 THEN 'pt-BR' WHEN 1 THEN 'fr' END, now(), 9, 1,
        sha256('a'), sha256('b'), '1', 'c', now() FROM generate_series(1, 4500) n
      RETURNING id, sort_at)
    INSERT INTO article_search (id, sort_at, bucket, site_id, cfg, tsv)
    SELECT id, sort_at, 24000, 1, 'bs_french', to_tsvector('bs_french', 'Le phare de Kerlann')
    FROM put
"""


async def test_search_rows_of_an_older_version_are_brought_along(empty, tmp_path):
    """By steps that nobody waits for: each row has its facets, and each index is whole."""
    for path in MIGRATIONS.glob("*.sql"):
        if path.name < "0070":
            shutil.copy(path, tmp_path)
    await migrate(empty, tmp_path)
    await value(empty, ARTICLES)

    await migrate(empty)

    held = """SELECT count(*) FROM article_search s JOIN article a USING (id)
      WHERE array(SELECT value FROM facet WHERE id = any (s.facets) ORDER BY value) = $1 AND %s"""
    for language, values in (("pt-BR", "pt, pt-br"), ("fr", "fr"), (None, "")):
        sql = held.replace("$1", f"string_to_array('{values}', ', ')") % (
            f"language = '{language}'" if language else "language IS NULL"
        )
        assert await value(empty, sql) == 1500
    masked = """SELECT count(*) FROM article_facet f WHERE facet_id = 0 AND mask = (
      SELECT bit_or(set_mask(facet_id)) FROM article_facet WHERE article_id = f.article_id)"""
    assert await value(empty, masked) == 4500
    assert await value(empty, "SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 0


FEEDS = """
    WITH owner AS (
      INSERT INTO client (name) VALUES ('a reader') RETURNING id
    ), feeds AS (
      INSERT INTO feed (client_id, url, identity_key)
      SELECT id, 'https://feed' || n, 'feed' || n FROM owner, generate_series(1, 3) n
      RETURNING id, url
    ), items AS (
      INSERT INTO feed_item (feed_id, item_hash, url)
      SELECT id, sha256('i'), 'https://a.example/1' FROM feeds WHERE url = 'https://feed3'
    ), put AS (
      INSERT INTO article (url, feed_id, page_kind, sort_at, word_count, revision, content_hash,
        text_hash, extractor_version, card, fetched_at)
      SELECT 'https://a.example/' || n, feeds.id, 'article', now(), 9, 1, sha256('a'), sha256('b'),
        '1', 'c', now() FROM generate_series(1, 1200) n, feeds WHERE feeds.url = 'https://feed1'
      RETURNING id, sort_at, url
    ), again AS (
      INSERT INTO ingestion (client_id, feed_id, kind, requested_url, article_id)
      SELECT owner.id, feeds.id, 'url', put.url, put.id FROM owner, feeds, put
      WHERE feeds.url IN ('https://feed1', 'https://feed2') AND put.url <= 'https://a.example/2'
    )
    INSERT INTO article_search (id, sort_at, bucket, site_id, cfg, tsv)
    SELECT id, sort_at, 24000, 1, 'bs_simple', '' FROM put
"""


async def test_articles_of_an_older_version_have_all_their_feeds(empty, tmp_path):
    """The one that had it first, those of its ingestions, and those with an item of its address."""
    for path in MIGRATIONS.glob("*.sql"):
        if path.name < "0091":
            shutil.copy(path, tmp_path)
    await migrate(empty, tmp_path)
    await value(empty, FEEDS)

    await migrate(empty)

    had = """SELECT array_agg(feed.url ORDER BY n) FROM article a,
      unnest(feed_ids) WITH ORDINALITY f (id, n) JOIN feed USING (id)
      WHERE a.url = 'https://a.example/%s'"""
    feeds = [f"https://feed{n}" for n in (1, 2, 3)]
    assert [await value(empty, had % n) for n in (1, 2, 3)] == [feeds, feeds[:2], feeds[:1]]
    listed = """SELECT count(*) FROM article a JOIN article_search s USING (id) WHERE s.facets =
      array(SELECT facet_id FROM article_facet JOIN facet f ON f.id = facet_id
        WHERE article_id = a.id AND value = any(feed_ids::text[]) ORDER BY facet_id)"""
    assert await value(empty, listed) == 1200


async def test_edited_file_is_refused(empty, files):
    """A file that was applied and then edited is named, and nothing else is done."""
    await migrate(empty, files)
    (files / "0001_one.sql").write_text("CREATE TABLE one (n bigint);")

    with pytest.raises(MigrationError, match="0001_one was edited"):
        await migrate(empty, files)


async def test_newer_database_is_refused(empty, files):
    """Old code does not touch a database that newer code has migrated."""
    await migrate(empty, files)
    (files / "0002_two.sql").unlink()

    with pytest.raises(MigrationError, match="newer than this code: it has 0002_two"):
        await migrate(empty, files)


async def test_late_number_is_refused(empty, files):
    """A file that would come before an applied one is refused: orders would differ."""
    await migrate(empty, files)
    (files / "0000_zero.sql").write_text("SELECT 1;")

    with pytest.raises(MigrationError, match="0000_zero comes before"):
        await migrate(empty, files)


@pytest.mark.parametrize("name", ["1_short.sql", "0001_again.sql", "0003.sql", "0003_Upper.sql"])
def test_wrong_names_are_refused(files, name):
    """A name that is no new number and words says how it must be."""
    (files / name).write_text("SELECT 1;")

    with pytest.raises(MigrationError, match="NNNN_name"):
        read(files)


def test_shipped_migrations_are_readable():
    """Our own files have good names and new numbers."""
    assert len(read(MIGRATIONS)) >= 1
