"""The real server over real sockets: slow, broken and too many callers."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import socket
import sys
import time
import urllib.error
import urllib.request
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import httpx
import msgspec
import pytest

from service.cli.serve import CONNECTIONS_MAX, HEADERS_S, OTHER_FILES, connections_max
from service.runtime import Runtime
from service.settings import Settings, variable
from tests.api.conftest import make_key
from tests.timing import least_s

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

SILENT, FILES = 2_500, 5_000
"""Connections that say nothing, and files that a test may have open for them."""
POST = b"POST /v1/ingestions HTTP/1.1\r\nHost: x\r\n"


@asynccontextmanager
async def served(settings: Settings, **changes: object) -> AsyncIterator[str]:
    """The address of ``python -m service api`` with changed settings."""
    process, address = await started(settings, changes)
    try:
        yield address
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 60)


async def started(settings: Settings, changes: dict[str, object]) -> tuple[Process, str]:
    """A server that answers; once more on another port where somebody was quicker to take it."""
    for _ in range(3):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service", "api",
            env=os.environ | environ_of(settings, changes | {"port": port}),
        )  # fmt: skip
        if await answering(f"http://127.0.0.1:{port}/livez", process):
            return process, f"127.0.0.1:{port}"
    pytest.fail("the server does not start")


def environ_of(settings: Settings, changes: dict[str, object]) -> dict[str, str]:
    """The settings as variables, those that are not as by default."""
    given = msgspec.to_builtins(settings) | {"log_level": "warning"} | changes
    plain = msgspec.to_builtins(Settings())
    return {
        variable(name): ",".join(value) if isinstance(value, (list, tuple)) else str(value)
        for name, value in given.items()
        if value != plain[name]
    }


async def answering(url: str, process: Process) -> bool:
    """The server answers, within two minutes; False when it has ended."""
    async with httpx.AsyncClient() as client:
        for _ in range(2_400):
            if process.returncode is not None:
                return False
            try:
                await client.get(url)
                return True
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    pytest.fail("the server does not answer")


@pytest.fixture(scope="module")
async def server(settings: Settings) -> AsyncIterator[str]:
    """A server that is quick to lose patience."""
    async with served(settings, body_read_s=1.0, body_bytes_max=100_000) as address:
        yield address


@pytest.fixture(scope="module")
async def key(runtime: Runtime) -> str:
    """A key that may do what these tests do."""
    return await make_key(runtime, ["ingest", "read"])


def calling(address: str, key: str, connections: int = 20) -> httpx.AsyncClient:
    """A caller of the server."""
    return httpx.AsyncClient(
        base_url=f"http://{address}",
        headers={"X-Api-Key": key},
        limits=httpx.Limits(max_connections=connections),
        timeout=30,
    )


async def say(address: str, *parts: bytes, pause_s: float = 0.0) -> bytes:
    """What the server answers to ``parts``, sent one by one, until it closes or has answered."""
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    answered = asyncio.create_task(reader.read(65_536))
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.wait([answered], timeout=pause_s)
    with suppress(ConnectionError):
        async with asyncio.timeout(60):
            return await answered
    return b""


def head(key: str, *lines: str, path: str = "/v1/ingestions") -> bytes:
    """The head of a POST with a key."""
    fields = ("Host: x", f"Authorization: Bearer {key}", "Content-Type: application/json", *lines)
    return "\r\n".join((f"POST {path} HTTP/1.1", *fields, "", "")).encode()


async def test_a_body_that_does_not_come_is_408(server: str, key: str) -> None:
    """Within the limit of the whole body, and the connection is not kept."""

    async def refused() -> None:
        answer = await say(server, head(key, "Content-Length: 5000") + b'{"text":')
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"application/problem+json" in answer
        assert b"connection: close" in answer.lower()

    assert await least_s(refused, 5) < 5


async def test_the_connection_stays_after_a_body(server: str, key: str) -> None:
    """The next request on it is answered as well."""
    page = b'{"text":"A story.","url":"https://stays.example/1"}'
    length = f"Content-Length: {len(page)}"
    host, port = server.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))

    writer.write(head(key, length) + page)
    await writer.drain()
    first = await reader.readuntil(b"\r\n\r\n")
    writer.write(head(key, length, "Connection: close") + page)
    rest = await reader.read()

    assert first.startswith(b"HTTP/1.1 202")
    assert b"connection: close" not in first.lower()
    assert b"HTTP/1.1 202" in rest


async def test_a_body_by_drops_is_408(server: str, key: str) -> None:
    """Slower than 1 kB/s is over when the time is."""
    drops = [b"x"] * 30

    answer = await say(server, head(key, "Content-Length: 5000"), *drops, pause_s=0.1)

    assert answer.startswith(b"HTTP/1.1 408")


async def test_a_body_that_stops_in_the_middle_is_408(server: str, key: str) -> None:
    """Whoever sent much is not waited for longer than who sent nothing."""

    async def refused() -> None:
        begun = head(key, "Content-Length: 90000") + b"x" * 80_000
        assert (await say(server, begun)).startswith(b"HTTP/1.1 408")

    assert await least_s(refused, 5) < 5


async def test_a_body_that_comes_steadily_is_waited_for(server: str, key: str) -> None:
    """However long it takes as a whole."""
    page = head(key, "Content-Length: 18000").replace(b"application/json", b"text/html")

    answer = await say(server, page, *[b"<p>word" + b" " * 1_993] * 9, pause_s=0.3)

    assert answer.startswith(b"HTTP/1.1 202")


async def test_slow_strangers_keep_no_client_out(settings: Settings, key: str) -> None:
    """Senders without a key hold half of the places, and no more."""
    stalled = b"POST /v1/sources/%s/inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    async with served(settings, requests_in_flight_max=4) as address:
        host, port = address.split(":")
        streams = [await asyncio.open_connection(host, int(port)) for _ in range(8)]
        for _, writer in streams:
            writer.write(stalled % str(uuid4()).encode())
        answered = [asyncio.create_task(reader.read(12)) for reader, _ in streams]
        async with asyncio.timeout(60), calling(address, key) as client:
            while sum(one.done() for one in answered) < 6:
                await asyncio.sleep(0.02)
            answer = await client.get("/v1/articles")
        for _, writer in streams:
            writer.close()
        refusals = [await one for one in answered]

    assert answer.status_code == 200
    assert sorted(refusals)[2:] == [b"HTTP/1.1 429"] * 6


@pytest.mark.parametrize("length", ["Content-Length: 200000", "Transfer-Encoding: chunked"])
async def test_a_body_too_large_is_413(server: str, key: str, length: str) -> None:
    """By its stated length before anything is read, by its bytes otherwise."""
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    parts = [chunk] * 6 if "chunked" in length else []

    answer = await say(server, head(key, length), *parts)

    assert answer.startswith(b"HTTP/1.1 413")
    assert b"request_too_large" in answer


@pytest.mark.parametrize(("is_known", "status"), [(True, 413), (False, 401)])
async def test_who_sends_before_reading_learns_why_too(
    server: str, key: str, is_known: bool, status: int
) -> None:
    """A client that reads no answer before its body is sent, as urllib, still gets the answer."""
    request = urllib.request.Request(
        f"http://{server}/v1/ingestions",
        data=b"x" * 8_000_000,
        headers={
            "Authorization": f"Bearer {key if is_known else 'wrong'}",
            "Content-Type": "text/html",
        },
    )

    with pytest.raises(urllib.error.HTTPError) as refused:
        await asyncio.to_thread(urllib.request.urlopen, request, timeout=60)

    problem = json.loads(refused.value.read())
    refused.value.close()
    assert (refused.value.code, problem["status"]) == (status, status)


async def test_a_slow_sender_of_what_is_refused_learns_why_too(server: str) -> None:
    """The answer comes when the body is sent, though that takes seconds."""

    def pieces() -> Iterator[bytes]:
        for _ in range(9):
            time.sleep(0.5)
            yield b"x" * 50_000

    request = urllib.request.Request(
        f"http://{server}/v1/ingestions", data=pieces(),
        headers={"Authorization": "Bearer wrong", "Content-Length": "450000"},
    )  # fmt: skip

    with pytest.raises(urllib.error.HTTPError) as refused:
        await asyncio.to_thread(urllib.request.urlopen, request, timeout=60)

    refused.value.close()
    assert refused.value.code == 401


async def test_a_large_body_over_the_quota_is_429_and_not_a_broken_pipe(
    settings: Settings, runtime: Runtime
) -> None:
    """The sender learns when to come back, though it reads only after it has sent."""
    key = await make_key(runtime, ["ingest", "read"])
    async with served(settings, rate_per_minute=1) as address, calling(address, key) as client:
        while (await client.get("/v1/articles")).status_code != 429:
            pass
        request = urllib.request.Request(
            f"http://{address}/v1/ingestions",
            data=b"x" * 8_000_000,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "text/html"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            await asyncio.to_thread(urllib.request.urlopen, request, timeout=60)

    refused.value.close()
    assert refused.value.code == 429
    assert int(refused.value.headers["retry-after"]) >= 1


async def test_idle_connections_delay_nobody(server: str, key: str) -> None:
    """500 callers that say nothing, and 50 that stop in the middle, cost others nothing."""
    host, port = server.split(":")
    idle = [await asyncio.open_connection(host, int(port)) for _ in range(550)]
    for _, writer in idle[:50]:
        writer.write(head(key, "Content-Length: 5000"))

    async with calling(server, key) as client:

        async def answered() -> None:
            answers = await asyncio.gather(*(client.get("/v1/articles") for _ in range(20)))
            assert {answer.status_code for answer in answers} == {200}

        took_s = await least_s(answered, 3)
    for _, writer in idle:
        writer.close()

    assert took_s < 3


async def test_silent_connections_shut_nobody_out(server: str, key: str) -> None:
    """However many there are, others are answered beside them, and each is closed in the end. In
    two modes of the server the silence before a first byte had no limit, and 2,048 such
    connections were all that it took."""
    host, port = server.split(":")
    files, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = max(files, FILES if hard == resource.RLIM_INFINITY else min(FILES, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    count = min(SILENT, files // 2)
    silent = [await asyncio.open_connection(host, int(port)) for _ in range(count)]

    async with calling(server, key) as client:
        answer = await client.get("/v1/articles")
    async with asyncio.timeout(6 * HEADERS_S):
        said = await asyncio.gather(*(reader.read() for reader, _ in silent))
    for _, writer in silent:
        writer.close()

    assert answer.status_code == 200
    assert set(said) == {b""}


def test_connections_leave_files_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where few files may be open, fewer connections are accepted: without a file left, there is
    no way to Postgres, and accepting fails over and over at the cost of a core."""
    settings, bounds = Settings(database_pool_max=10), []
    for files in (1_024, 1_000_000, resource.RLIM_INFINITY):
        monkeypatch.setattr(resource, "getrlimit", lambda _, files=files: (files, files))
        bounds.append(connections_max(settings))

    assert bounds == [1_024 - 10 - OTHER_FILES, CONNECTIONS_MAX, CONNECTIONS_MAX]


async def test_callers_that_leave_in_the_middle_are_no_error_of_ours(server: str, key: str) -> None:
    """A body that its sender does not finish is their fault: 400, no 500 that wakes somebody."""
    host, port = server.split(":")
    async with calling(server, key) as client:
        before = await posts_ended(client)

        for coding in ("identity", "gzip"):
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(head(key, "Content-Length: 5000", f"Content-Encoding: {coding}") + b"{")
            await asyncio.sleep(0.2)
            writer.close()
        async with asyncio.timeout(60):
            while (after := await posts_ended(client)).total() < before.total() + 2:
                await asyncio.sleep(0.02)

    assert after - before == {"400": 2}


async def posts_ended(client: httpx.AsyncClient) -> Counter[str]:
    """How many posts of ingestions ended with each status."""
    counts = (await client.get("/metrics")).text
    found = re.findall(r'requests_total\{.*"/v1/ingestions",status="(\d+)"\} (\d+)', counts)
    return Counter({status: int(count) for status, count in found})


async def test_keep_alive_goes_on_after_a_refusal(server: str, key: str) -> None:
    """A refused body does not spoil the next request of the connection pool."""
    async with calling(server, key) as client:
        for _ in range(5):
            refused = await client.post("/v1/ingestions", content=b"x" * 150_000)
            fine = await client.get("/v1/articles")
            assert (refused.status_code, fine.status_code) in {(415, 200), (413, 200)}


@pytest.mark.parametrize(
    ("content", "status", "connection"),
    [(b'{"text":', 400, None), (b"{}" * 500, 401, "close")],
)
async def test_an_answer_that_leaves_the_body_unread_says_that_it_closes(
    server: str, key: str, content: bytes, status: int, connection: str | None
) -> None:
    """The server cuts such a connection, so nobody may send the next request into it."""
    async with calling(server, key if status == 400 else "wrong") as client:
        answer = await client.post(
            "/v1/ingestions", content=content, headers={"Content-Type": "application/json"}
        )

    assert (answer.status_code, answer.headers.get("connection")) == (status, connection)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /v1/articles HTTP/1.1\r\n\r\n",
        b"GET /v1/articles HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /v1/articles HTTP/1.1\r\nHost: <x>\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 5_000 + b"\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\x7fb\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nXXXX",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_broken_http_is_never_our_fault(server: str, request_bytes: bytes) -> None:
    """No 5xx, no hang, and the server answers the next caller."""
    answer = await say(server, request_bytes)

    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://{server}/livez")).status_code == 200
    assert not answer.startswith(b"HTTP/1.1 5"), answer[:200]


async def test_more_than_it_can_do_is_refused_in_time(settings: Settings, key: str) -> None:
    """Far more requests at once than places: 200, 429 or 503 for each, refusals at once, and all
    is well afterwards."""
    async with (
        served(settings, requests_in_flight_max=4) as address,
        calling(address, key, connections=80) as client,
    ):
        answers = await asyncio.gather(*(client.get("/v1/articles") for _ in range(240)))
        after = await client.get("/v1/articles")

    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 429, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code != 200)
    assert after.status_code == 200


async def test_an_outage_of_the_database_is_503_within_two_seconds(
    settings: Settings, runtime: Runtime
) -> None:
    """Refused with Retry-After; alive but not ready; never a 202."""
    gone = "postgresql://nobody@127.0.0.1:1/nothing"
    key = await make_key(runtime, ["ingest"])
    async with served(settings, database_url=gone) as address, calling(address, key) as client:
        answers = []

        async def refused() -> None:
            answers.append(await client.post("/v1/ingestions", json={"text": "x"}))

        took_s = await least_s(refused, 2)
        alive, ready = await client.get("/livez"), await client.get("/readyz")
        counted = await client.get("/metrics")

    assert {(one.status_code, one.json()["code"]) for one in answers} == {
        (503, "database_unavailable")
    }
    assert all(int(one.headers["retry-after"]) >= 1 for one in answers)
    assert took_s < 2.5
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert ready.json()["status"] == "fail"
    assert "broadsheet_database_up 0.0" in counted.text


async def test_a_server_that_stops_lets_its_callers_go_elsewhere_first(
    settings: Settings, key: str
) -> None:
    """It is not ready but serves, on kept connections and new ones, and answers who waits; each
    answer says that its connection closes. A second signal ends the delay."""
    process, address = await started(settings, {"shutdown_delay_s": 300.0})
    async with calling(address, key) as client, calling(address, key) as other:
        waiting = asyncio.create_task(other.get("/v1/changes?cursor=now&wait=60"))
        before = await client.get("/v1/articles")
        process.terminate()
        async with asyncio.timeout(45):
            while (ready := await other.get("/readyz")).status_code == 200:
                await asyncio.sleep(0.02)
            after = await client.get("/v1/articles")
            anew = await client.get("/v1/articles")
            waited = await waiting
    process.terminate()

    assert await asyncio.wait_for(process.wait(), 60) == 0
    assert ready.json()["checks"]["process"] == {"status": "fail", "detail": "Stopping"}
    assert (before.status_code, before.headers.get("connection")) == (200, None)
    for answer in (after, anew, waited):
        assert (answer.status_code, answer.headers.get("connection")) == (200, "close")
    assert waited.json()["changes"] == []


async def test_without_redis_it_is_ready_with_a_warning(settings: Settings, key: str) -> None:
    """Acceptance goes on."""
    gone = "redis://127.0.0.1:1/0"
    async with served(settings, redis_url=gone) as address, calling(address, key) as client:
        accepted = await client.post("/v1/ingestions", json={"text": "x"})
        ready = await client.get("/readyz")

    assert accepted.status_code == 202
    assert (ready.status_code, ready.json()["status"]) == (200, "warn")
    assert ready.json()["checks"]["redis"]["status"] == "warn"
