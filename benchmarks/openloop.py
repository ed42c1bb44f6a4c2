"""An open-loop HTTP/1.1 client: so many requests a second, whether the server keeps up or not.

A closed loop slows down with the server that it measures; callers of a real service do not. Every
request has its time; one that finds no free connection opens another, up to ``connections``, and
waits for one beyond that: its latency counts from when it was due. Runs in a process of its own,
reads its ``Course`` from stdin and writes a ``Log``.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from typing import Any

import msgspec
import uvloop
from msgspec import Struct

TICK_S = 0.005
ANSWERS_WAIT_S = 30.0


class Ask(Struct, frozen=True):
    """One request in full; ``kind`` is what its latency is counted under."""

    kind: str
    raw: bytes


class Course(Struct, frozen=True, kw_only=True):
    """``rate`` requests a second of ``asks``, in turn, for ``seconds``."""

    host: str
    port: int
    asks: list[Ask]
    rate: float
    seconds: float
    connections: int


class Log(Struct, kw_only=True):
    """``latencies``: milliseconds by ``"kind status"`` since a request was due, ``answered`` since
    it was sent; ``broken`` connections gave no answer; ``unsent`` requests found none free;
    ``bare``: refusals (429, 503) without ``Retry-After``; ``late``: by how many milliseconds the
    callers' own clock was late at each tick; ``opened`` connections; ``cpu_s`` of the callers;
    ``took_s`` from the first request to the last answer."""

    broken: int = 0
    unsent: int = 0
    bare: int = 0
    opened: int = 0
    cpu_s: float = 0.0
    took_s: float = 0.0
    late: list[float] = []
    latencies: dict[str, list[float]] = {}
    answered: dict[str, list[float]] = {}

    def count(self, name: str, due: float, sent_at: float) -> None:
        """An answer has come."""
        now = time.perf_counter()
        self.latencies.setdefault(name, []).append((now - due) * 1000)
        self.answered.setdefault(name, []).append((now - sent_at) * 1000)


class Crowd:
    """The callers: connections that are free, and requests that wait for one."""

    def __init__(self, course: Course) -> None:
        self.course, self.log = course, Log()
        self.free: list[_Caller] = []
        self.waiting: deque[tuple[float, Ask]] = deque()
        self.count = 0

    async def run(self) -> Log:
        """All requests were sent in their time, and answered or given up."""
        began = time.perf_counter()
        total, sent = round(self.course.rate * self.course.seconds), 0
        while sent < total:
            due = min(total, int((time.perf_counter() - began) * self.course.rate) + 1)
            for number in range(sent, due):
                at = began + number / self.course.rate
                self.ask(at, self.course.asks[number % len(self.course.asks)])
            sent = due
            await self.tick()
        await self.rest()
        self.log.cpu_s, self.log.took_s = time.process_time(), time.perf_counter() - began
        return self.log

    async def tick(self) -> None:
        began = time.perf_counter()
        await asyncio.sleep(TICK_S)
        self.log.late.append((time.perf_counter() - began - TICK_S) * 1000)

    def ask(self, due: float, ask: Ask) -> None:
        if self.free:
            self.free.pop().fire(due, ask)
            return
        self.waiting.append((due, ask))
        if self.count < self.course.connections:
            self.connect()

    def connect(self) -> None:
        self.count += 1
        self.log.opened += 1
        task = asyncio.create_task(self.open())
        task.add_done_callback(self.opened)

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        where = self.course.host, self.course.port
        await loop.create_connection(lambda: _Caller(self), *where)

    def opened(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is not None:
            self.count -= 1
            self.log.broken += 1

    def is_free(self, caller: _Caller) -> None:
        if self.waiting:
            caller.fire(*self.waiting.popleft())
        else:
            self.free.append(caller)

    async def rest(self) -> None:
        deadline = time.perf_counter() + ANSWERS_WAIT_S
        while time.perf_counter() < deadline and (len(self.free) < self.count or self.waiting):
            await asyncio.sleep(TICK_S)
        self.log.unsent = len(self.waiting)
        self.log.broken += self.count - len(self.free)


class _Caller(asyncio.Protocol):
    """One connection: the answer to a request is whole before the next is sent."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.buffer = crowd, bytearray()
        self.asked: tuple[float, Ask] | None = None
        self.sent_at = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.crowd.is_free(self)

    def fire(self, due: float, ask: Ask) -> None:
        self.asked, self.sent_at = (due, ask), time.perf_counter()
        self.transport.write(ask.raw)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.asked is None:
            return
        head = bytes(self.buffer[:end]).lower()
        if len(self.buffer) < end + 4 + _length(head):
            return
        due, ask = self.asked
        status = head[9:12].decode()
        self.crowd.log.count(f"{ask.kind} {status}", due, self.sent_at)
        self.crowd.log.bare += status in ("429", "503") and b"\r\nretry-after:" not in head
        self.buffer.clear()
        self.asked = None
        if b"\r\nconnection: close" in head:
            self.transport.close()
        else:
            self.crowd.is_free(self)

    def connection_lost(self, _: Exception | None) -> None:
        self.crowd.count -= 1
        if self.crowd.waiting:
            self.crowd.connect()
        if self in self.crowd.free:
            self.crowd.free.remove(self)
        self.crowd.log.broken += self.asked is not None


def _length(head: bytes) -> int:
    _, _, rest = head.partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r")[0] or 0)


def main() -> None:
    course = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Course)
    log = msgspec.msgpack.encode(uvloop.run(Crowd(course).run()))
    with open(sys.stdout.fileno(), "wb") as out:  # PYTHONUNBUFFERED makes stdout write in part
        out.write(log)


if __name__ == "__main__":
    main()
