"""The data folder: who holds it, who owns what is in it, and where the sockets are."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import re
import stat
from pathlib import Path
from typing import IO

from msgspec import Struct

SOCKET_PATH_MAX = 100
"""Bytes of a socket's path; sun_path holds 108 on Linux, 104 on macOS."""
SOCKET_NAME_MAX = 16


class EmbeddedError(RuntimeError):
    """A server cannot be started; the text says why and what to do."""


class Owner(Struct, frozen=True):
    """The user that the servers run as."""

    uid: int
    gid: int

    @classmethod
    def of_us(cls) -> Owner:
        """The user that we run as."""
        return cls(os.getuid(), os.getgid())


def hold(data_dir: Path) -> IO[str]:
    """The open lock file of ``data_dir``: held by us until it is closed, or by our death."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = (data_dir / "lock").open("a+")
    except OSError as error:
        raise EmbeddedError(
            f"{data_dir} cannot hold the data ({error.strerror}): set another DATA_DIR"
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise EmbeddedError(
            f"{data_dir} is in use by process {holder}: stop that one, or set another DATA_DIR"
        ) from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def owner_of(data_dir: Path) -> Owner:
    """Who runs the servers: we, unless we are root, which Postgres refuses."""
    if os.getuid() != 0:
        return Owner.of_us()
    existing = data_dir / "postgres"
    found = (existing if existing.exists() else data_dir).stat()
    if found.st_uid != 0:
        return Owner(found.st_uid, found.st_gid)
    try:
        user = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedError(
            "Postgres does not run as root and there is no user nobody: "
            f"chown {data_dir} to an ordinary user, or set DATABASE_URL"
        ) from error
    return Owner(user.pw_uid, user.pw_gid)


def own(folder: Path, owner: Owner) -> Path:
    """``folder`` exists, belongs to the servers and is closed to others; parents stay as they
    are."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.getuid(), owner.uid):
        raise EmbeddedError(f"{folder} belongs to user {found.st_uid}: set another DATA_DIR")
    if found.st_uid != owner.uid:
        os.chown(folder, owner.uid, owner.gid)
    folder.chmod(0o700)
    return folder


def socket_dir(data_dir: Path, owner: Owner) -> Path:
    """The folder of the sockets: in ``data_dir``, or under /tmp where that path is too long or
    too odd for a socket's address or a connection string."""
    inside = data_dir / "run"
    length = len(os.fsencode(inside)) + 1 + SOCKET_NAME_MAX
    if length <= SOCKET_PATH_MAX and re.fullmatch(r"[\w./+-]+", str(inside), re.ASCII):
        return own(inside, owner)
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return own(Path(f"/tmp/broadsheet-{owner.uid}-{digest}"), owner)  # noqa: S108 (own checks it)
