"""The supervisor of Postgres and Valkey: what it survives, and that nothing survives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from service.embedded import EmbeddedError, Servers
from service.embedded.folder import Owner, own, owner_of
from service.embedded.keeper import command_line, last_words

SUPERVISOR = """
import sys, threading
from pathlib import Path
from service.embedded import Servers
with Servers(Path(sys.argv[1])) as servers:
    print(servers.pid("postgres"), servers.pid("valkey"), flush=True)
    threading.Event().wait()
"""


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A data folder with a short path, as sockets need. Tests follow one another on it, as runs
    of a service do, since making a cluster takes seconds."""
    with tempfile.TemporaryDirectory(prefix="bs", ignore_cleanup_errors=True) as name:
        yield Path(name) / "data"


@pytest.fixture
def fresh_dir() -> Iterator[Path]:
    """A folder in which nothing has been."""
    with tempfile.TemporaryDirectory(prefix="bs", ignore_cleanup_errors=True) as name:
        yield Path(name)


def until(condition: Callable[[], object], within_s: float = 60.0) -> None:
    """Returns once ``condition()`` holds; fails after ``within_s``."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.02)


async def query(servers: Servers, sql: str) -> object:
    """The one value that ``sql`` gives, from a connection of its own."""
    connection = await asyncpg.connect(servers.database_url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_data_survive_a_restart(data_dir):
    """What was committed is there after a stop and a start; so is what Valkey held."""
    with Servers(data_dir) as servers:
        await query(servers, "create table kept as select 42 as n")
        async with Redis.from_url(servers.redis_url) as redis:
            await redis.set("kept", "42")

    with Servers(data_dir) as servers:
        assert await query(servers, "select n from kept") == 42
        async with Redis.from_url(servers.redis_url) as redis:
            assert await redis.get("kept") == b"42"


async def test_servers_are_safe_and_local(data_dir):
    """Commits are on disk, text sorts the same everywhere, and nothing listens on a network."""
    with Servers(data_dir) as servers:
        assert await query(servers, "show fsync") == "on"
        assert await query(servers, "show synchronous_commit") == "on"
        assert await query(servers, "show data_checksums") == "on"
        assert await query(servers, "show listen_addresses") == ""
        assert await query(servers, "show server_encoding") == "UTF8"
        async with Redis.from_url(servers.redis_url) as redis:
            assert (await redis.config_get("port"))["port"] == "0"
            assert (await redis.config_get("appendonly"))["appendonly"] == "yes"
        assert (data_dir / "postgres").stat().st_mode & 0o777 == 0o700


async def test_killed_servers_come_back(data_dir):
    """A server that is killed is started again, with its data."""
    with Servers(data_dir) as servers:
        await query(servers, "create table still_kept as select 42 as n")
        before = {name: servers.pid(name) for name in ("postgres", "valkey")}

        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        until(lambda: all(servers.pid(name) not in (0, pid) for name, pid in before.items()))

        assert await retried(servers, "select n from still_kept") == 42


async def retried(servers: Servers, sql: str) -> object:
    """The value of ``sql`` once Postgres has recovered."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return await query(servers, sql)
        except (OSError, asyncpg.CannotConnectNowError):
            assert time.monotonic() < deadline


def test_no_server_outlives_a_killed_supervisor(data_dir):
    """kill -9 of the supervisor takes both servers along, and the folder can be used again."""
    supervisor, pids = started(data_dir)

    supervisor.kill()
    supervisor.wait()

    until(lambda: not any(command_line(pid) for pid in pids))
    with Servers(data_dir) as servers:
        assert servers.pid("postgres")


DEAF = """
import os, signal, threading
from service.embedded import leash
if not os.fork():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    leash.tie(signal.SIGTERM, patience_s=0.2)
    print(os.getpid(), flush=True)
threading.Event().wait()
"""


def test_a_deaf_child_is_killed_after_its_parent():
    """One that ignores the signal of its parent's end is gone after the given patience."""
    with subprocess.Popen(
        [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()

    until(lambda: not command_line(child))


def test_next_supervisor_waits_for_orphans(data_dir):
    """A supervisor that follows a killed one at once shares the folder with no old server."""
    supervisor, (postgres, valkey) = started(data_dir)
    supervisor.kill()
    supervisor.wait()

    with Servers(data_dir) as servers:
        assert not command_line(postgres)
        assert not command_line(valkey)
        assert servers.pid("postgres") not in (0, postgres)


def test_second_supervisor_is_refused(data_dir):
    """A folder has one supervisor; the next is told who holds it and what to do."""
    with Servers(data_dir), pytest.raises(EmbeddedError, match=f"in use by process {os.getpid()}"):
        Servers(data_dir).start()


async def test_stale_pid_file_of_another_process(data_dir):
    """A pid file whose number now belongs to another process does not keep Postgres down, and
    that process is left alone."""
    with Servers(data_dir):
        pass
    with subprocess.Popen(["sleep", "60"]) as innocent:
        (data_dir / "postgres" / "18" / "postmaster.pid").write_text(f"{innocent.pid}\n/gone\n")
        (data_dir / "valkey" / "valkey.pid").write_text(f"{innocent.pid}\n")

        with Servers(data_dir) as servers:
            assert await query(servers, "select 1") == 1

        assert innocent.poll() is None
        innocent.kill()


async def test_odd_and_long_paths(fresh_dir):
    """A data folder may have spaces, quotes and any length in its path."""
    odd = fresh_dir / "it's a folder, ünïcode" / ("long" * 30)

    with Servers(odd) as servers:
        assert await query(servers, "select 1") == 1
        async with Redis.from_url(servers.redis_url) as redis:
            assert await redis.ping()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a folder of somebody else")
def test_folder_of_another_user_is_refused(tmp_path):
    """A socket folder that somebody else made under /tmp is not trusted."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 12345, 12345)

    with pytest.raises(EmbeddedError, match="belongs to user 12345"):
        own(theirs, Owner(65534, 65534))


def test_failure_names_the_log(fresh_dir):
    """A server that cannot start is an error with its own last words."""
    own(fresh_dir / "valkey", owner_of(fresh_dir))
    (fresh_dir / "valkey" / "appendonlydir").write_text("a file where a folder must be")

    with pytest.raises(EmbeddedError, match=r"valkey: it ends at once: .*append.*valkey\.log"):
        Servers(fresh_dir, ("valkey",)).start()


def test_data_of_another_version_are_refused(fresh_dir):
    """A cluster of another major version is left as it is."""
    (fresh_dir / "postgres" / "17").mkdir(parents=True)

    with pytest.raises(EmbeddedError, match="PostgreSQL 17"):
        Servers(fresh_dir).start()


def started(data_dir: Path) -> tuple[subprocess.Popen[str], tuple[int, int]]:
    """A supervisor in a process of its own, and the process ids of its servers."""
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout
    with supervisor.stdout:
        postgres, valkey = supervisor.stdout.readline().split()
    return supervisor, (int(postgres), int(valkey))


def test_last_words_are_the_error(tmp_path):
    """Of a log that ends in farewells, the line that names the error is quoted."""
    log = tmp_path / "x.log"
    log.write_text("Traceback\nModuleNotFoundError: No module named 'x'\n[INFO] see ya!\n")

    assert last_words(log) == "ModuleNotFoundError: No module named 'x'"
    assert last_words(tmp_path / "none.log") == "nothing was logged"
