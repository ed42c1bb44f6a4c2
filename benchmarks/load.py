"""A closed-loop HTTP/1.1 client: as many connections as asked for, each one request at a time.

Small enough that the server under test is what is measured; run in a process of its own, so that
its CPU is not counted as the server's. Reads its ``Plan`` from stdin, writes a ``Report``.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from typing import Any

import msgspec
import uvloop
from msgspec import Struct


class Shot(Struct, frozen=True):
    """One request, in full; ``ok`` are the statuses that are no errors."""

    raw: bytes
    ok: tuple[int, ...] = (200,)


class Plan(Struct, frozen=True, kw_only=True):
    """What to send where, for how long; connections take shots in a shuffled order."""

    host: str
    port: int
    shots: list[Shot]
    connections: int
    seconds: float
    seed: int = 1


class Report(Struct, kw_only=True):
    """What came of a plan; latencies in milliseconds."""

    requests: int
    errors: int
    seconds: float
    body_bytes: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[str, int]


class Connection(asyncio.Protocol):
    """Sends the next shot when the answer to the last one is whole."""

    def __init__(self, plan: Plan, seed: int, done: asyncio.Future[None]) -> None:
        self.shots = plan.shots.copy()
        random.Random(seed).shuffle(self.shots)
        self.deadline = time.perf_counter() + plan.seconds
        self.done = done
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}
        self.errors = self.received = self.number = self.expected = 0
        self.buffer = bytearray()
        self.chunked = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.fire()

    def fire(self) -> None:
        self.began = time.perf_counter()
        if self.began >= self.deadline:
            self.transport.close()
            return
        self.shot = self.shots[self.number % len(self.shots)]
        self.number += 1
        self.expected = -1
        self.transport.write(self.shot.raw)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.expected < 0 and not self.read_head():
            return
        whole = self.buffer.endswith(b"0\r\n\r\n") if self.chunked else (
            len(self.buffer) >= self.expected)  # fmt: skip
        if whole:
            self.settle()

    def read_head(self) -> bool:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self.buffer[:end]).lower()
        self.status = int(head[9:12])
        at = head.find(b"\r\ncontent-length:")
        self.chunked = b"\r\ntransfer-encoding: chunked" in head
        size = (
            int(head[at + 17 : head.find(b"\r\n", at + 2) if b"\r\n" in head[at + 2 :] else None])
            if at >= 0
            else 0
        )
        self.expected = end + 4 + (0 if self.status in (204, 304) else size)
        return True

    def settle(self) -> None:
        self.latencies.append(time.perf_counter() - self.began)
        self.received += len(self.buffer)
        self.buffer.clear()
        name = str(self.status)
        self.statuses[name] = self.statuses.get(name, 0) + 1
        self.errors += self.status not in self.shot.ok
        self.fire()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def run(plan: Plan) -> Report:
    """All connections have had their time."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    connections = []
    for number in range(plan.connections):
        done = loop.create_future()
        connection = Connection(plan, plan.seed * 1000 + number, done)
        await loop.create_connection(lambda c=connection: c, plan.host, plan.port)
        connections.append(connection)
    await asyncio.wait([c.done for c in connections], timeout=plan.seconds + 30)
    return report(connections, time.perf_counter() - began)


def report(connections: list[Connection], seconds: float) -> Report:
    """The sum of what the connections saw."""
    latencies = sorted(x for c in connections for x in c.latencies) or [0.0]
    statuses: dict[str, int] = {}
    for connection in connections:
        for name, count in connection.statuses.items():
            statuses[name] = statuses.get(name, 0) + count

    def at(share: float) -> float:
        return latencies[min(len(latencies) - 1, int(share * len(latencies)))] * 1000

    return Report(
        requests=sum(statuses.values()),
        errors=sum(c.errors for c in connections),
        seconds=seconds,
        body_bytes=sum(c.received for c in connections),
        p50_ms=at(0.5),
        p95_ms=at(0.95),
        p99_ms=at(0.99),
        statuses=statuses,
    )


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def main() -> None:
    plan = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plan)
    outcome = uvloop.run(run(plan))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))


if __name__ == "__main__":
    main()
