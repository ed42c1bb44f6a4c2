"""``make chaos``: many ingestions through the real API while everything is killed, and a count.

    python -m benchmarks.chaos [--count 2000] [--seed 1] [--seconds 600] [--pause 0.5]

Pages come by address and as HTML, one in five twice, one in twenty bad, from a web server on
loopback. Meanwhile workers are killed and frozen, the API is killed, Valkey is flushed, killed
and stopped, Postgres is killed and stopped. At the end everything that was answered 202 must have
ended, as an article or with its reason, every page must be one article, every article's webhook
must have come, and after a fault that no other followed within ``WITHIN_S`` the next page must have
ended and the next 202 been given by then: exit status 1 if not. ``--pause 40`` makes such faults;
``--seconds`` ends the sending of a slow machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import httpx

from service.cli import clients
from service.queue import open_redis
from tests.crash.stack import Stack, counted, unended, wrongs
from tests.web import Reply, Web
from tests.working import page

SENDERS = 8
WITHIN_S = {"page ended": 30.0, "202": 10.0}
NEXT = {"page ended": "select min(finished_at) from ingestion where finished_at > $1",
        "202": "select min(created_at) from ingestion where created_at > $1"}  # fmt: skip
UNSENT = "select count(*) from delivery where state in ('queued', 'running')"
EVENTS = "select count(distinct article_id) from event where type = 'article.created'"
HTML = {"Content-Type": "text/html"}


class Chaos:
    """One run: the stack, the API, what was accepted, and what was done to them."""

    def __init__(self, folder: Path, count: int, seed: int, seconds: float, pause_s: float) -> None:
        self.stack, self.count, self.pick = Stack(folder), count, random.Random(seed)
        self.until, self.pause_s = perf_counter() + seconds, pause_s
        self.accepted: list[str] = []
        self.numbers: list[int] = []
        self.faults: list[tuple[str, datetime]] = []
        self.refused: Counter[str] = Counter()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def run(self) -> bool:
        """Whether nothing was lost, stuck or done twice."""
        await self.stack.start()
        self.key = await clients.create(self.stack.settings, "chaos", ("ingest", "read", "hooks"))
        self.api = await self.start_api()
        for _ in range(3):
            await self.stack.worker()
        try:
            async with Web() as origin, Web() as receiver, asyncio.timeout(60 + self.count / 4):
                await self.listen(receiver)
                began = perf_counter()
                harm = asyncio.create_task(self.harm())
                await self.send_all(origin)
                harm.cancel()
                sent_s = perf_counter() - began
                await self.settle(lambda: unended(self.stack))
                await self.settle(lambda: counted(self.stack, UNSENT))
                came = {one.headers["webhook-id"] for one in receiver.requests}
                return await self.report(sent_s, perf_counter() - began, len(came))
        finally:
            self.api.kill()
            await self.api.wait()
            await self.stack.stop()

    async def start_api(self) -> Process:
        """The API as a process of its own."""
        environ = os.environ | self.stack.environ | {"PORT": str(self.port)}
        environ |= {"BROADSHEET_RATE_PER_MINUTE": "1000000"}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service", "api",
            env=environ, stdout=self.stack.log, stderr=self.stack.log,
        )  # fmt: skip

    async def listen(self, receiver: Web) -> None:
        """``receiver`` is told of every article."""
        url = receiver.reply("/hook", Reply(200))
        headers = {"Authorization": f"Bearer {self.key}"}
        given = {"url": url, "event_types": ["article.created"]}
        async with httpx.AsyncClient(base_url=self.url, timeout=20) as client:
            while True:
                with suppress(httpx.TransportError):
                    answer = await client.post("/v1/endpoints", json=given, headers=headers)
                    if answer.status_code == 201:
                        return
                    raise RuntimeError(f"{answer.status_code}: {answer.text}")
                await asyncio.sleep(0.2)

    async def send_all(self, origin: Web) -> None:
        """Every page was accepted, however often it had to be sent."""
        numbers = iter(range(self.count))
        async with (
            httpx.AsyncClient(base_url=self.url, timeout=20) as client,
            asyncio.TaskGroup() as senders,
        ):
            for _ in range(SENDERS):
                senders.create_task(self.send_some(client, origin, numbers))

    async def send_some(self, client: httpx.AsyncClient, origin: Web, numbers: Any) -> None:
        for number in numbers:
            if perf_counter() > self.until:
                return
            body = self.page(origin, number)
            headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"page {number}"}
            while not await self.is_sent(client, body, headers):
                await asyncio.sleep(0.2)
            self.numbers.append(number)

    def page(self, origin: Web, number: int) -> dict[str, Any]:
        """What is sent as page ``number``."""
        path = f"/{number - 1 if number % 5 == 4 else number}"
        html = page(f"The story of {path[1:]}", note=path)
        bad = number % 20 == 7
        url = origin.reply(path, Reply(404) if bad else Reply(200, html.encode(), HTML))
        return {"url": url} if bad or number % 3 == 0 else {"url": url, "html": html}

    async def is_sent(
        self, client: httpx.AsyncClient, body: dict[str, Any], headers: dict[str, str]
    ) -> bool:
        """Whether the page was accepted; its id is noted."""
        try:
            answer = await client.post("/v1/ingestions", json=body, headers=headers)
        except httpx.TransportError as error:
            self.refused[type(error).__name__] += 1
            return False
        if answer.status_code == 202:
            self.accepted.append(answer.json()["id"])
            return True
        if answer.status_code not in {409, 429, 503}:
            raise RuntimeError(f"{answer.status_code}: {answer.text}")
        self.refused[str(answer.status_code)] += 1
        return False

    async def harm(self) -> None:
        """Until cancelled, something is killed, frozen, flushed or stopped again and again."""
        faults: list[tuple[str, Callable[[], Awaitable[None]], int]] = [
            ("workers killed", self.kill_worker, 10),
            ("workers frozen past their lease", self.freeze_worker, 2),
            ("API killed", self.kill_api, 2),
            ("Valkey flushed", self.flush, 2),
            ("Valkey killed", self.kill_valkey, 2),
            ("Valkey stopped for a while", self.stop_valkey, 1),
            ("Postgres killed", self.kill_postgres, 1),
            ("Postgres stopped for a while", self.stop_postgres, 1),
        ]
        weights = [weight for _, _, weight in faults]
        while True:
            await asyncio.sleep(self.pick.uniform(self.pause_s, self.pause_s + 1.5))
            [(name, act, _)] = self.pick.choices(faults, weights)
            await asyncio.shield(act())
            self.faults.append((name, datetime.now(UTC)))

    async def kill_worker(self) -> None:
        await self.stack.kill(self.pick.choice(self.stack.workers))
        await self.stack.worker()

    async def freeze_worker(self) -> None:
        worker = self.pick.choice(self.stack.workers)
        os.kill(worker.pid, signal.SIGSTOP)
        await asyncio.sleep(4)
        os.kill(worker.pid, signal.SIGCONT)

    async def kill_api(self) -> None:
        self.api.kill()
        await self.api.wait()
        self.api = await self.start_api()

    async def flush(self) -> None:
        async with open_redis(self.stack.valkey.redis_url) as redis:
            with suppress(Exception):
                await redis.flushall()

    async def kill_valkey(self) -> None:
        os.kill(self.stack.valkey.pid("valkey"), signal.SIGKILL)

    async def stop_valkey(self) -> None:
        await asyncio.to_thread(self.stack.valkey.stop)
        await asyncio.sleep(3)
        await asyncio.to_thread(self.stack.valkey.start)

    async def kill_postgres(self) -> None:
        os.kill(self.stack.postgres.pid("postgres"), signal.SIGKILL)

    async def stop_postgres(self) -> None:
        await asyncio.to_thread(self.stack.postgres.stop)
        await asyncio.sleep(2)
        await asyncio.to_thread(self.stack.postgres.start)

    async def settle(self, count: Callable[[], Awaitable[int]]) -> None:
        """``count`` is none, or has not changed for a minute."""
        left, changed = -1, perf_counter()
        while perf_counter() - changed < 60:
            now = await count()
            if now == 0:
                return
            if now != left:
                left, changed = now, perf_counter()
            await asyncio.sleep(0.2)

    async def slowest(self, connection: asyncpg.Connection) -> dict[str, tuple[float, str]]:
        """The longest wait for what must go on, in seconds, and the fault that it came after."""
        found: dict[str, tuple[float, str]] = dict.fromkeys(NEXT, (0.0, "none was alone"))
        ends = [at for _, at in self.faults[1:]] + [datetime.max.replace(tzinfo=UTC)]
        for what, sql in NEXT.items():
            for (name, at), end in zip(self.faults, ends, strict=True):
                after = await connection.fetchval(sql, at)
                is_alone = (end - at).total_seconds() > WITHIN_S[what]
                if is_alone and after is not None:  # else nothing was left to do
                    found[what] = max(found[what], ((after - at).total_seconds(), name))
        return found

    async def report(self, sent_s: float, all_s: float, webhooks: int) -> bool:
        """Prints what happened; whether all is well."""
        connection = await asyncpg.connect(self.stack.postgres.database_url)
        rows = await connection.fetch("select id::text, state, outcome, error_code from ingestion")
        articles = await connection.fetchval("select count(*) from article")
        unheard = await connection.fetchval(EVENTS) - webhooks
        slowest = await self.slowest(connection)
        await connection.close()
        there = {row["id"] for row in rows}
        lost = len(set(self.accepted) - there)
        stuck = sum(row["state"] in {"queued", "running"} for row in rows)
        ends = Counter(row["outcome"] or row["error_code"] or row["state"] for row in rows)
        failed = sum(
            n for word, n in ends.items() if word in {"worker_lost", "poison", "internal_error"}
        )
        wrong = await wrongs(self.stack)
        expected = len({self.known(number) for number in self.numbers} - {None})
        faults = Counter(name for name, _ in self.faults)
        print(f"faults: {len(self.faults)} {dict(faults)}")
        print(f"refused meanwhile: {dict(self.refused)}")
        print(f"accepted: {len(self.accepted)} in {sent_s:.0f} s, all done after {all_s:.0f} s")
        print(f"ended: {dict(ends)}; articles: {articles} of {expected}")
        for what, (seconds, fault) in slowest.items():
            print(f"next {what} after a fault: {seconds:.1f} s at the latest ({fault})")
        print(f"lost: {lost}  stuck: {stuck}  failed by us: {failed}  wrong: {wrong or 0}  "
              f"webhooks lost: {unheard}")  # fmt: skip
        is_late = any(seconds > WITHIN_S[what] for what, (seconds, _) in slowest.items())
        is_well = not (lost or stuck or failed or wrong or unheard or is_late)
        return is_well and articles == expected

    def known(self, number: int) -> int | None:
        """The page that ``number`` is, None for a bad one."""
        if number % 20 == 7:
            return None
        return number - 1 if number % 5 == 4 else number


def main() -> None:
    """Runs and exits 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3_600)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between faults, at least")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bsc") as folder:
        chaos = Chaos(Path(folder), given.count, given.seed, given.seconds, given.pause)
        sys.exit(0 if asyncio.run(chaos.run()) else 1)


if __name__ == "__main__":
    main()
