"""``dev``, which is ``make run``: the whole service on one machine, from nothing.

Servers are embedded unless DATABASE_URL and REDIS_URL name others. What it makes for itself (data,
a secret, a client key) stays in DATA_DIR, so the next start gives the same service.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import msgspec
from msgspec.structs import replace
from redis import Redis, RedisError

from service.cli import SCOPES, clients
from service.cli.serve import answers, base_url, process
from service.db.migrate import migrate
from service.db.sync_epoch import begin_anew
from service.embedded import EmbeddedError, Servers
from service.embedded.folder import Owner, hold
from service.embedded.keeper import Keeper
from service.settings import Settings, variable

SAMPLE = Path(__file__).parent.parent / "sample.html"
SAMPLE_URL = "https://fr.example.org/europe/2026/03/12/le-phare-de-kerlann"
REDIS_S = 5.0
PASSED_ON = ("database_url", "redis_url", "secret", "data_dir", "port", "shutdown_delay_s")


def run(settings: Settings) -> None:
    """Everything runs until Ctrl-C or SIGTERM, and nothing runs after."""
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    home = Path(settings.data_dir).absolute()
    ready_file = home / "dev.json"
    if (home / "lock").exists():  # if it is in use, report that rather than the port
        hold(home).close()
    with ExitStack() as stack:
        settings = replace(
            settings, port=free_port(settings), data_dir=str(home), shutdown_delay_s=0.0
        )  # nobody balances load here
        settings = stack.enter_context(with_servers(settings, home))
        ready_file.unlink(missing_ok=True)  # of a start that was killed
        stack.callback(ready_file.unlink, missing_ok=True)
        settings = replace(settings, secret=settings.secret or kept_secret(home / "secret"))
        say("bringing the database up to date ...")
        asyncio.run(migrate(settings.database_url))
        asyncio.run(begin_anew(settings.database_url, asked=False))
        key = client_key(settings, home / "client-key")
        stack.enter_context(processes(settings, home, ending))
        if ending.is_set():
            return
        write_private(ready_file, msgspec.json.encode({"url": base_url(settings), "key": key}))
        greet(settings, key, home)
        ending.wait()
        say("\nstopping ...")
    say("stopped; the data stay in " + str(home))


@contextmanager
def with_servers(settings: Settings, home: Path) -> Iterator[Settings]:
    """While open, the settings name running servers."""
    wanted = {"postgres": settings.database_url, "valkey": settings.redis_url}
    names = tuple(name for name, url in wanted.items() if not url)
    if settings.redis_url:
        check_redis(settings.redis_url)
    with Servers(home, names, say) as servers:
        yield replace(
            settings,
            database_url=settings.database_url or servers.database_url,
            redis_url=settings.redis_url or servers.redis_url,
        )


def check_redis(url: str) -> None:
    """Redis answers, or ``EmbeddedError``: the service would run without it, but a server
    that is named is meant to be used."""
    try:
        with Redis.from_url(url, socket_connect_timeout=REDIS_S, socket_timeout=REDIS_S) as redis:
            redis.ping()
    except (RedisError, OSError, ValueError) as error:
        raise EmbeddedError(f"the server of REDIS_URL cannot be reached: {error}") from error


@contextmanager
def processes(settings: Settings, home: Path, ending: threading.Event) -> Iterator[None]:
    """While open, API and worker run; open as soon as the API is ready, or ``ending`` is set."""
    passed = {variable(name): str(getattr(settings, name)) for name in PASSED_ON}
    environ = os.environ | passed
    keepers = []
    for name in ("api", "worker"):
        server = process(name, settings, environ)
        if name == "api":
            server = replace(server, ready=lambda: answers(f"{base_url(settings)}/readyz"))
        say(f"starting the {name} ...")
        keepers.append(Keeper(server, home / f"{name}.log", Owner.of_us()))
        keepers[-1].start()
    try:
        for keeper in keepers:
            keeper.wait_ready(ending)
        yield
    finally:
        for keeper in keepers:
            keeper.end()
        for keeper in keepers:
            keeper.join()


def free_port(settings: Settings) -> int:
    """PORT, if nobody listens there; any free one if it is 0."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise EmbeddedError(
                f"port {settings.port} of {settings.host} cannot be used ({error.strerror}): "
                f"stop what runs there, or choose another: PORT={settings.port + 1} make run"
            ) from error
        return int(probe.getsockname()[1])


def kept_secret(path: Path) -> str:
    """The secret of this DATA_DIR, made once."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32).encode())
    return path.read_text()


def client_key(settings: Settings, path: Path) -> str:
    """A key with every scope: the one of the last start if it still opens the door."""
    if path.exists() and asyncio.run(clients.is_live(settings, path.read_text())):
        return path.read_text()
    key = asyncio.run(clients.create(settings, "dev", SCOPES))
    write_private(path, key.encode())
    return key


def write_private(path: Path, content: bytes) -> None:
    """``path`` holds ``content``, whole at any moment, for its owner only."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)


def greet(settings: Settings, key: str, home: Path) -> None:
    """What a new user needs, in one screen."""
    url, sample = base_url(settings), os.path.relpath(SAMPLE)
    words = (
        "curl", "-sS", f"{url}/v1/ingestions?url={SAMPLE_URL}",
        "-H", f"Authorization: Bearer {key}", "-H", "Content-Type: text/html",
        "-H", "Prefer: wait=20", "--data-binary", f"@{sample}",
    )  # fmt: skip
    say(f"""
Broadsheet serves at  {url}   (description: {url}/docs)
client key            {key}
logs and data         {home}

Try it: this ingests a page and answers with its article.

{shlex.join(words)}

Ctrl-C stops everything; the data stay.""")


def say(text: str) -> None:
    """One line for the person at the terminal."""
    click.echo(text)
    sys.stdout.flush()
