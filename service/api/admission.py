"""Admission: bounds on requests under way, checked before a body or a connection is taken.

A refusal needs only counters in memory, so it costs microseconds however busy the process is.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from service.errors import Overloaded, RateLimited

RETRY_AFTER_S = 1.0
STRANGERS = UUID(int=0)
"""Stands for all callers without a client key, such as senders of webhooks: together they hold no
more places than one client, however slowly they send."""

STOP_SOON = signal.SIGUSR1
"""Tells an API process that it will soon be stopped."""


class Admission:
    """At most ``in_flight_max`` requests at once, and half of that for any one client.

    A request that only waits (long poll, ``Prefer: wait``) is ``parked``: it holds no place. Once
    the process is ``stopping`` nobody waits any more, and each answer is its connection's last.
    """

    def __init__(self, in_flight_max: int) -> None:
        self._max = in_flight_max
        self._max_per_client = max(1, in_flight_max // 2)
        self._parked_max = in_flight_max * 4
        self._by_client: Counter[UUID] = Counter()
        self.stopping = asyncio.Event()
        self.in_flight = 0
        self.parked = 0

    def enter(self) -> None:
        """A place is taken; raises ``Overloaded``. Every ``enter`` needs one ``leave``."""
        if self.in_flight >= self._max:
            raise Overloaded("too many requests at once; try again", retry_after_s=RETRY_AFTER_S)
        self.in_flight += 1

    def leave(self) -> None:
        """The place is free."""
        self.in_flight -= 1

    def enter_client(self, client_id: UUID) -> None:
        """The client has one more request at work; raises ``RateLimited``."""
        if self._by_client[client_id] >= self._max_per_client:
            raise RateLimited(
                "too many requests at once of this client, or without a key; wait for answers",
                retry_after_s=RETRY_AFTER_S,
            )
        self._by_client[client_id] += 1

    def leave_client(self, client_id: UUID) -> None:
        """The client has one request fewer at work."""
        self._by_client[client_id] -= 1
        if not self._by_client[client_id]:
            del self._by_client[client_id]

    @contextmanager
    def parked_place(self, client_id: UUID | None) -> Iterator[bool]:
        """While open, the request's place is free for others; False when too many are parked."""
        if self.parked >= self._parked_max:
            yield False
            return
        self._move(client_id, 1)
        try:
            yield True
        finally:
            self._move(client_id, -1)

    def _move(self, client_id: UUID | None, step: int) -> None:
        self.parked += step
        self.in_flight -= step
        if client_id is not None:
            self._by_client[client_id] -= step
