"""Whether Redis can be reached: after a failure it is left alone for a second."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from service.log import log

PAUSE_S = 1.0
TIMEOUT_S = 2.0
GATHER_S = 0.01
"""Between two sends: the first goes at once, what comes meanwhile goes together. A call of redis-py
costs a third of a millisecond of CPU, as much as accepting a page."""


def open_redis(url: str, *, is_text: bool = False) -> Redis:
    """A client that fails within ``TIMEOUT_S``; it connects when it is first used.

    Answers are bytes, or text with ``is_text``.
    """
    return Redis.from_url(
        url,
        decode_responses=is_text,
        legacy_responses=False,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 1),
    )


class Link:
    """The state of the connection to Redis; logs when it goes and when it comes back."""

    def __init__(self) -> None:
        self.failures = 0
        self._closed_until = 0.0

    @property
    def is_up(self) -> bool:
        """False for a second after each failure: do without Redis."""
        return asyncio.get_running_loop().time() >= self._closed_until

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Runs a command: an outage ends the block, is counted, and closes the link."""
        try:
            yield
        except (RedisError, OSError, TimeoutError) as error:
            self._fail(error)
        else:
            self._recover()

    def _fail(self, error: Exception) -> None:
        self.failures += 1
        self._closed_until = asyncio.get_running_loop().time() + PAUSE_S
        if self.failures == 1:
            log.warning("redis is gone", error=repr(error))

    def _recover(self) -> None:
        if self.failures:
            log.info("redis is back", failures=self.failures)
        self.failures = 0
