"""The pool's side of the zygote: spawns children, reaps them, and replaces a dead zygote."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from pathlib import Path

import msgspec
from msgspec import Struct

import service
from service.errors import ParserDied
from service.parsers.protocol import ORDER, REPORT, Limits

# The zygote's module is named, not imported: it would load the extractor's tables here, too.
ROOT = str(Path(service.__file__).resolve().parent.parent)
PROGRAM = (
    "import os, sys; sys.path[:] = sys.argv[1].split(os.pathsep);"
    "from service.parsers.zygote import main; main(int(sys.argv[2]), sys.argv[3])"
)
BEAR_S = 20.0
EXIT_S = 2.0
BACKOFF_S = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0)
SOCKET_BUFFER_BYTES = 1 << 20


class Exit(Struct, frozen=True):
    """How a child ended: the signal, or 0 and its exit code; its peak of resident memory."""

    signal: int = 0
    code: int = 0
    peak_bytes: int = 0

    def described(self) -> str:
        return signal.Signals(self.signal).name if self.signal else f"exit code {self.code}"


class Child(Struct, eq=False):
    """One child: its number, our end of its socket, and its end once that has come."""

    pid: int
    job: socket.socket
    exit: asyncio.Future[Exit]

    def alive(self) -> bool:
        """Whether it still holds its end of the socket, where it is silent while idle."""
        try:
            self.job.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False


class Spawner:
    """One zygote and its children."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.pid = 0
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._reports: asyncio.Task[None] | None = None
        self._asked: deque[asyncio.Future[tuple[int, asyncio.Future[Exit]]]] = deque()
        self._exits: dict[int, asyncio.Future[Exit]] = {}
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """A zygote is on its way; it needs about half a second before the first birth."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        path = os.pathsep.join((ROOT, *filter(None, sys.path)))
        arguments = (path, str(theirs.fileno()), msgspec.json.encode(self.limits).decode())
        with theirs:
            self._zygote = subprocess.Popen(  # noqa: ASYNC220 (takes 1 ms, once)
                (sys.executable, "-I", "-c", PROGRAM, *arguments),
                pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self.pid, self._control = self._zygote.pid, ours
        self._reports = asyncio.create_task(self._read_reports(ours), name="parser-reports")

    async def close(self) -> None:
        """The zygote and all children are gone."""
        if self._reports:
            self._reports.cancel()
            await asyncio.gather(self._reports, return_exceptions=True)
        if self._control:
            self._control.close()
        if self._zygote:
            await asyncio.to_thread(end, self._zygote)
        self._reports = self._control = self._zygote = None

    async def spawn(self) -> Child:
        """A new child; a dead zygote is replaced first. Raises ``ParserDied`` in the end."""
        for pause_s in BACKOFF_S:
            await asyncio.sleep(pause_s)
            async with self._opening:
                if self._reports is None or self._reports.done():
                    await self.close()
                    await self.open()
            with contextlib.suppress(ParserDied, OSError, TimeoutError):
                return await self._spawn()
        raise ParserDied("parsers cannot be started; the reason is in the log")

    async def _spawn(self) -> Child:
        if self._control is None:
            raise ParserDied("the pool is closed")
        ours, theirs = socket.socketpair()
        with theirs:
            for side in (ours, theirs):
                side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
            ours.setblocking(False)
            born = asyncio.get_running_loop().create_future()
            socket.send_fds(self._control, [ORDER.pack(b"F", 0)], [theirs.fileno()])
            self._asked.append(born)
        try:
            async with asyncio.timeout(BEAR_S):
                pid, ended = await born
        except BaseException:
            ours.close()  # a child that is forked after all finds it closed and ends
            raise
        return Child(pid, ours, ended)

    def reap(self, child: Child) -> None:
        """The child is gone, or is about to be: it has been killed."""
        child.job.close()
        if self._control and not child.exit.done():
            with contextlib.suppress(OSError):  # the zygote is dead, and with it the child
                self._control.send(ORDER.pack(b"K", child.pid))

    async def _read_reports(self, control: socket.socket) -> None:
        """Runs as long as the zygote; then all of its children have ended."""
        try:
            with contextlib.suppress(EOFError, ConnectionError):
                while True:
                    self._note(*REPORT.unpack(await read_exactly(control, REPORT.size)))
        finally:
            for ended in self._exits.values():
                ended.set_result(Exit(signal=signal.SIGKILL))
            for born in self._asked:
                if not born.done():
                    born.set_exception(ParserDied("the zygote died"))
            self._exits.clear()
            self._asked.clear()

    def _note(self, kind: bytes, pid: int, status: int, peak_kib: int) -> None:
        if kind == b"P":
            ended: asyncio.Future[Exit] = asyncio.get_running_loop().create_future()
            self._exits[pid] = ended
            born = self._asked.popleft()
            if not born.done():
                born.set_result((pid, ended))
            return
        number, code = os.WTERMSIG(status), os.WEXITSTATUS(status)
        signaled = os.WIFSIGNALED(status)
        end_of_child = Exit(number if signaled else 0, 0 if signaled else code, peak_kib * 1024)
        self._exits.pop(pid).set_result(end_of_child)


async def read_exactly(job: socket.socket, count: int) -> bytearray:
    """``count`` bytes; raises EOFError where the other side ends before."""
    loop = asyncio.get_running_loop()
    buffer = bytearray(count)
    view, done = memoryview(buffer), 0
    while done < count:
        got = await loop.sock_recv_into(job, view[done:])
        if not got:
            raise EOFError("the other side hung up")
        done += got
    return buffer


def end(zygote: subprocess.Popen[bytes]) -> None:
    """The zygote has ended by itself, since its socket is closed, or by force."""
    try:
        zygote.wait(EXIT_S)
    except subprocess.TimeoutExpired:
        zygote.kill()
        zygote.wait()
