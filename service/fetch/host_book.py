"""The rules of politeness as one state machine per host, kept in this process.

``host_redis`` has the same rules in Lua for all workers together; one suite tests both. Times are
milliseconds of one clock that only goes forward.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Literal, Protocol

from msgspec import Struct, field

Outcome = Literal["answered", "failed", "unknown"]
Reason = Literal["open", "probing", "full", "paused"]

FAILURES_TO_OPEN = 5
HOSTS_MAX = 10_000
SPACING_MS_MIN = 50
SLOT_MS_MAX = 900_000
PROBE_WAIT_MS_MAX = 5_000


class Rules(Struct, frozen=True, kw_only=True):
    """RELIABILITY F16: two at once; five failures close a host for 60 s, doubling to an hour."""

    at_once_max: int = 2
    lease_ms: int = 40_000
    failures_max: int = FAILURES_TO_OPEN
    open_ms_min: int = 60_000
    open_ms_max: int = 3_600_000


class Refusal(Struct, frozen=True):
    """The host cannot be visited now; come back after ``wait_ms``."""

    wait_ms: int
    reason: Reason


class Leaving(Struct, frozen=True):
    """How a visit ended, and what the host asked for: a delay between visits, a pause now."""

    outcome: Outcome
    visit_ms: int = 0
    delay_ms: int | None = None
    pause_ms: int = 0


class HostState(Struct):
    """What is known of one host; all zero for a host that was never visited."""

    failures: int = 0
    open_until: int = 0
    open_ms: int = 0
    probe_until: int = 0
    next_at: int = 0
    delay_ms: int = 0
    slot_at: int = 0
    visit_ms: int = 0
    leases: dict[str, int] = field(default_factory=dict)

    def enter(self, rules: Rules, token: str, now: int) -> Refusal | None:
        """Takes a place for ``token``, or says when to come back."""
        if self.open_until > now:
            return Refusal(self.open_until - now, "open")
        if self.open_until and self.probe_until > now:
            return Refusal(min(self.probe_until - now, PROBE_WAIT_MS_MAX), "probing")
        self.leases = {name: until for name, until in self.leases.items() if until > now}
        at_once = 1 if self.delay_ms else rules.at_once_max
        is_full = len(self.leases) >= at_once
        if is_full or self.next_at > now:
            spacing = max(self.delay_ms, self.visit_ms // at_once, SPACING_MS_MIN)
            earliest = max(self.next_at, now + spacing if is_full else now)
            slot = min(max(self.slot_at, earliest), earliest + SLOT_MS_MAX)
            self.slot_at = slot + spacing
            return Refusal(slot - now, "full" if is_full else "paused")
        self.leases[token] = now + rules.lease_ms
        self.next_at = now + self.delay_ms
        if self.open_until:
            self.probe_until = now + rules.lease_ms
        return None

    def leave(self, rules: Rules, token: str, leaving: Leaving, now: int) -> None:
        """Gives the place of ``token`` back and learns from how the visit went."""
        self.leases.pop(token, None)
        self.probe_until = 0
        if leaving.outcome != "unknown":
            self.visit_ms = (self.visit_ms * 7 + leaving.visit_ms) // 8 or leaving.visit_ms
        if leaving.outcome == "answered":
            self.failures = self.open_until = self.open_ms = 0
        if leaving.outcome == "failed" and self.open_until <= now:
            self._fail(rules, now)
        if leaving.delay_ms is not None:
            self.delay_ms = leaving.delay_ms
        self.next_at = max(self.next_at, now + max(self.delay_ms, leaving.pause_ms))

    def _fail(self, rules: Rules, now: int) -> None:
        self.failures += 1
        if self.failures >= rules.failures_max:
            self.open_ms = min(max(self.open_ms * 2, rules.open_ms_min), rules.open_ms_max)
            self.open_until = now + self.open_ms


class Book(Protocol):
    """Where the states are kept. ``now`` of the answer's clock is behind ``read``'s times."""

    async def enter(self, authority: str, token: str) -> Refusal | None: ...
    async def leave(self, authority: str, token: str, leaving: Leaving) -> None: ...
    async def read(self, authority: str) -> tuple[HostState, int]: ...


class LocalBook:
    """The states of this process, at most 10,000; the least recently visited one goes."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._states: OrderedDict[str, HostState] = OrderedDict()

    async def enter(self, authority: str, token: str) -> Refusal | None:
        return self._state(authority).enter(self._rules, token, _now())

    async def leave(self, authority: str, token: str, leaving: Leaving) -> None:
        self._state(authority).leave(self._rules, token, leaving, _now())

    async def read(self, authority: str) -> tuple[HostState, int]:
        return self._states.get(authority, HostState()), _now()

    def _state(self, authority: str) -> HostState:
        state = self._states.setdefault(authority, HostState())
        self._states.move_to_end(authority)
        if len(self._states) > HOSTS_MAX:
            self._states.popitem(last=False)
        return state


def _now() -> int:
    return int(time.monotonic() * 1_000)
