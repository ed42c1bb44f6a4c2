"""The shape of the code, as DESIGN and ARCHITECTURE draw it: levels of imports and purity."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICE = Path(__file__).parent.parent / "service"
LEVELS = {
    "article": 0, "errors": 0, "settings": 0, "log": 0, "urls": 0, "word_forms": 0, "pace": 0,
    "compounds": 0,
    "extract": 1, "render": 1, "fetch": 1, "db": 1, "queue": 1, "signing": 1, "parsers": 1,
    "feeds": 1, "document": 1, "address": 1, "terms": 1, "likeness": 1, "difference": 1, "quota": 1,
    "packed": 1,
    "runtime": 2,
    "notify": 3,
    "ingest": 4, "subscribe": 4, "sweep": 4,
    "api": 5, "worker": 5,
    "embedded": 6, "cli": 6,
}  # fmt: skip
"""A module imports its own package, or one of a lower level."""
SAME_LEVEL = {
    ("parsers", "extract"), ("parsers", "feeds"), ("fetch", "address"), ("cli", "embedded"),
    ("worker", "sweep"), ("subscribe", "ingest"), ("db", "terms"), ("likeness", "terms"),
    ("render", "difference"),
}  # fmt: skip
"""Neighbours that may know each other, this way round."""
SERVERS = frozenset({"asyncpg", "redis", "litestar"})
IMPURE = SERVERS | {
    "aiohttp", "asyncio", "httpx", "logging", "os", "random", "requests", "select", "socket",
    "structlog", "subprocess", "threading", "time", "urllib.request", "uvloop",
}  # fmt: skip
FORBIDDEN = {
    "extract": IMPURE, "render": IMPURE, "signing": SERVERS, "article": IMPURE, "errors": IMPURE,
    "settings": SERVERS, "log": SERVERS, "address": IMPURE, "urls": IMPURE,
    "fetch": {"asyncpg", "litestar"}, "parsers": SERVERS, "queue": {"asyncpg", "litestar"},
    "db": {"redis", "litestar"}, "notify": {"litestar"}, "ingest": {"litestar"},
    "subscribe": {"litestar"}, "sweep": {"litestar"}, "worker": {"litestar"},
    "embedded": SERVERS, "feeds": SERVERS,
}  # fmt: skip
LINES_MAX = 420
"""Most files have under 300; the vocabulary and the page model are one thing each."""
SQL_WORDS = ("select ", "insert into ", "update ", "delete from ", "create table ")


def modules() -> list[Path]:
    return sorted(SERVICE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The module or package of level: ``service/api/v1/x.py`` belongs to ``api``."""
    return path.relative_to(SERVICE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The dotted names that a file imports, with their lines; from imports give both parts."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def relative(path: Path) -> str:
    return str(path.relative_to(SERVICE.parent))


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_imports_point_down(path):
    """A module imports its own package or a lower level, so that the flow has one direction."""
    part = part_of(path)
    if part in ("__init__", "__main__"):
        return
    assert part in LEVELS, f"{part} has no level yet: give it one here and in ARCHITECTURE.md"

    for name, line in imports(path):
        other = name.split(".")[1] if name.startswith("service.") else part
        lower = LEVELS.get(other, 0) < LEVELS[part]
        known = other == part or lower or (part, other) in SAME_LEVEL
        assert known, f"{relative(path)}:{line}: {part} may not import {other}"


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_libraries_stay_in_their_places(path):
    """Postgres, Redis and the web framework are known where they belong; extract and render do
    no I/O at all."""
    forbidden = FORBIDDEN.get(part_of(path), set())

    for name, line in imports(path):
        found = [one for one in forbidden if name == one or name.startswith(one + ".")]
        assert not found, f"{relative(path)}:{line}: {part_of(path)} may not import {name}"


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_environment_is_read_once(path):
    """Only settings.py reads the environment; the command line hands it on to its children."""
    reads = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name) and node.value.id == "os"
    ]  # fmt: skip

    assert not reads or part_of(path) in ("settings", "cli"), f"{relative(path)}:{reads}"


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_sql_lives_in_db(path):
    """Statements are in service/db, and nowhere else."""
    if part_of(path) == "db":
        return

    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.lstrip().lower()
            is_sql = text.startswith(SQL_WORDS) and (" from " in text or " set " in text)
            assert not is_sql, f"{relative(path)}:{node.lineno}: SQL outside of service/db"


def test_versions_of_the_api_stay_apart():
    """No version of the API imports another."""
    for path in (SERVICE / "api").rglob("v*/*.py"):
        own = path.relative_to(SERVICE / "api").parts[0]
        for name, line in imports(path):
            parts = name.split(".")
            foreign = parts[:2] == ["service", "api"] and len(parts) > 2 and parts[2] != own
            assert not (foreign and parts[2].startswith("v") and parts[2][1:].isdigit()), (
                f"{relative(path)}:{line}: {name}"
            )


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_files_stay_readable(path):
    """No file grows beyond what one reads in a sitting; no module is named after nothing."""
    lines = path.read_text().count("\n")

    assert lines <= LINES_MAX, f"{relative(path)} has {lines} lines: part it"
    assert path.stem not in {"utils", "helpers", "common", "manager", "core", "base", "misc"}
