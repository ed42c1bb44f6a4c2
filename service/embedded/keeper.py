"""Keeps one server running: started again when it dies, gone when we are."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from service.embedded import leash
from service.embedded.folder import EmbeddedError, Owner

START_S = 60.0
STOP_S = 15.0
POLL_S = 0.03
STEADY_S = 10.0
BACKOFF_S = (0.05, 0.2, 0.5, 1.0, 2.0)
LOG_BYTES_MAX = 10_000_000
LAST_BYTES_MAX = 16_384
ERROR = re.compile(r"^Error: |^\w[\w.]*Error\b|FATAL:|PANIC:")


class Server(Struct, frozen=True):
    """One server: its command line, how it shows that it is ready, and the signals that end it,
    gentlest first, with ``patience_s`` for each. ``pid_file``, of a server that would leave one,
    lies in the server's own folder, which its command line names."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    stops: tuple[signal.Signals, ...]
    pid_file: Path | None = None
    patience_s: float = STOP_S
    environ: dict[str, str] | None = None


class Keeper(threading.Thread):
    """A thread, not a coroutine, since a leash ends with the thread that started it."""

    def __init__(self, server: Server, log: Path | None, owner: Owner) -> None:
        super().__init__(name=f"keeper-{server.name}", daemon=True)
        self.server, self.log, self.owner = server, log, owner
        self.error = ""
        self._ending, self._settled = threading.Event(), threading.Event()

    def wait_ready(self, unless: threading.Event | None = None) -> None:
        """The server has answered once; raises ``EmbeddedError`` after ``START_S``. Waits no
        longer once ``unless`` is set."""
        deadline = time.monotonic() + START_S
        while not self._settled.wait(POLL_S) and not (unless and unless.is_set()):
            if time.monotonic() > deadline:
                self.error = f"not ready within {START_S:.0f} s"
                break
        if self.error:
            said = f": {last_words(self.log)} (see {self.log})" if self.log else ""
            raise EmbeddedError(f"{self.server.name}: {self.error}{said}")

    def end(self) -> None:
        """The server has been told to stop, and will not be started again; then ``join``."""
        self._ending.set()

    def run(self) -> None:
        failures = 0
        while not self._ending.is_set():
            started = time.monotonic()
            try:
                self._run_once()
            except (OSError, EmbeddedError) as error:
                self.error = str(error)
            failures = 1 if time.monotonic() - started > STEADY_S else failures + 1
            if failures > len(BACKOFF_S) and not self._settled.is_set():
                self.error = self.error or "it ends at once"
                self._settled.set()
                return
            self._ending.wait(BACKOFF_S[min(failures, len(BACKOFF_S)) - 1])

    def _run_once(self) -> None:
        """Starts the server and returns when it has ended."""
        evict(self.server)
        child = start_leashed(self.server, self.owner, self.log)
        while child.poll() is None and not self._ending.wait(POLL_S):
            if not self._settled.is_set() and self.server.ready():
                self.error = ""
                self._settled.set()
        stop(child, self.server)


def start_leashed(server: Server, owner: Owner, log: Path | None) -> subprocess.Popen[bytes]:
    """``server`` running in a session of its own (Ctrl-C of a terminal does not reach it), on a
    leash of the calling *thread*; its output appended to ``log``, or to our own."""
    bounds = (str(os.getpid()), str(int(server.stops[0])), str(owner.uid), str(owner.gid))
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(rolled(log).open("ab")) if log else None
        return subprocess.Popen(
            (sys.executable, "-I", "-S", leash.__file__, *bounds, *server.command),
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            env=server.environ,
        )  # fmt: skip


def stop(child: subprocess.Popen[bytes], server: Server) -> None:
    """``child`` has ended: by the first signal that works in time, or by SIGKILL."""
    for number in (*server.stops, signal.SIGKILL):
        if child.poll() is None:
            child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(server.patience_s)
            return


def evict(server: Server) -> None:
    """No process of an earlier supervisor serves this folder, and no stale pid file is left.

    We hold the folder's lock, so a server alive there is an orphan, about to be ended by its
    leash.
    """
    deadline, pid = time.monotonic() + STOP_S, 0
    while (pid := living(server)) and time.monotonic() < deadline:
        send(pid, server.stops[0])
        time.sleep(POLL_S)
    if pid:
        send(pid, signal.SIGKILL)
    if server.pid_file:
        server.pid_file.unlink(missing_ok=True)


def send(pid: int, number: signal.Signals) -> None:
    """Signals ``pid``, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def living(server: Server) -> int:
    """The process that the pid file names, if it is this server and not a later holder of its
    number; else 0."""
    if server.pid_file is None:
        return 0
    try:
        pid = int(server.pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0
    line = command_line(pid)
    marks = (os.fsencode(server.command[0]), os.fsencode(server.pid_file.parent))
    return pid if all(mark in line for mark in marks) else 0


def command_line(pid: int) -> bytes:
    """The command line of a living process; empty for a zombie or none."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        return b""
    shown = subprocess.run(
        ("ps", "-p", str(pid), "-o", "command="), capture_output=True, check=False
    )
    return shown.stdout


def last_words(log: Path) -> str:
    """The last line of a log that names an error, or the last one, for the text of an error."""
    try:
        text = log.read_bytes()[-LAST_BYTES_MAX:].decode(errors="replace")
    except OSError:
        text = ""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    errors = [line for line in lines if ERROR.search(line)]
    return (errors or lines or ["nothing was logged"])[-1]


def rolled(log: Path) -> Path:
    """``log``, begun anew if it was longer than ``LOG_BYTES_MAX``; one old one is kept."""
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_suffix(".old.log"))
    return log
