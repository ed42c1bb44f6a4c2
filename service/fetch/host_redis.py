"""The rules of ``host_book`` in Lua, so that all workers count together by Redis's own clock.

Only commands and Lua that Redis 7.0 and Valkey 9 share. A host's two keys carry the same hash
tag, so they live on one shard of a cluster.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from service.fetch.host_book import (
    PROBE_WAIT_MS_MAX,
    SLOT_MS_MAX,
    SPACING_MS_MIN,
    HostState,
    Leaving,
    Reason,
    Refusal,
    Rules,
)

KEEP_MS = 7_200_000
REASONS: tuple[Reason, ...] = ("open", "probing", "full", "paused")

# KEYS: state (hash), leases (sorted set by expiry). Both scripts begin with the state as numbers.
_STATE = """
local time = redis.call('TIME')
local now = tonumber(ARGV[1]) or time[1] * 1000 + math.floor(time[2] / 1000)
local names = {'failures', 'open_until', 'open_ms', 'probe_until',
               'next_at', 'delay_ms', 'slot_at', 'visit_ms'}
local values = redis.call('HMGET', KEYS[1], unpack(names))
local host = {}
for i, name in ipairs(names) do host[name] = tonumber(values[i] or 0) end
local function keep(fields)
  local pairs = {}
  for _, name in ipairs(fields) do
    pairs[#pairs + 1] = name
    pairs[#pairs + 1] = string.format('%.0f', host[name])
  end
  redis.call('HSET', KEYS[1], unpack(pairs))
  redis.call('PEXPIRE', KEYS[1], %(keep)d)
end
""".replace("%(keep)d", str(KEEP_MS))

# ARGV: now or '', token, at_once_max, lease_ms. Answers {0, 0} or {wait_ms, index of the reason}.
_ENTER = (
    _STATE
    + """
local lease_ms = tonumber(ARGV[4])
if host.open_until > now then return {host.open_until - now, 1} end
if host.open_until > 0 and host.probe_until > now then
  return {math.min(host.probe_until - now, %(probe)d), 2}
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local at_once = tonumber(ARGV[3])
if host.delay_ms > 0 then at_once = 1 end
local full = redis.call('ZCARD', KEYS[2]) >= at_once
if full or host.next_at > now then
  local spacing = math.max(host.delay_ms, math.floor(host.visit_ms / at_once), %(spacing)d)
  local earliest = math.max(host.next_at, full and now + spacing or now)
  local slot = math.min(math.max(host.slot_at, earliest), earliest + %(slot)d)
  host.slot_at = slot + spacing
  keep({'slot_at'})
  return {slot - now, full and 3 or 4}
end
redis.call('ZADD', KEYS[2], now + lease_ms, ARGV[2])
redis.call('PEXPIRE', KEYS[2], lease_ms + 1000)
host.next_at = now + host.delay_ms
if host.open_until > 0 then host.probe_until = now + lease_ms end
keep({'next_at', 'probe_until'})
return {0, 0}
"""
).replace("%(probe)d", str(PROBE_WAIT_MS_MAX))
_ENTER = _ENTER.replace("%(spacing)d", str(SPACING_MS_MIN)).replace("%(slot)d", str(SLOT_MS_MAX))

# ARGV: now or '', token, outcome, visit_ms, delay_ms or '', pause_ms, and the rules: failures_max,
# open_ms_min, open_ms_max.
_LEAVE = (
    _STATE
    + """
local outcome, visit_ms = ARGV[3], tonumber(ARGV[4])
redis.call('ZREM', KEYS[2], ARGV[2])
host.probe_until = 0
if outcome ~= 'unknown' then
  local mean = math.floor((host.visit_ms * 7 + visit_ms) / 8)
  host.visit_ms = mean > 0 and mean or visit_ms
end
if outcome == 'answered' then
  host.failures, host.open_until, host.open_ms = 0, 0, 0
elseif outcome == 'failed' and host.open_until <= now then
  host.failures = host.failures + 1
  if host.failures >= tonumber(ARGV[7]) then
    host.open_ms = math.min(math.max(host.open_ms * 2, tonumber(ARGV[8])), tonumber(ARGV[9]))
    host.open_until = now + host.open_ms
  end
end
if ARGV[5] ~= '' then host.delay_ms = tonumber(ARGV[5]) end
host.next_at = math.max(host.next_at, now + math.max(host.delay_ms, tonumber(ARGV[6])))
keep({'failures', 'open_until', 'open_ms', 'probe_until', 'next_at', 'delay_ms', 'visit_ms'})
return 0
"""
)

_READ = """
local time = redis.call('TIME')
local leases = redis.call('ZCOUNT', KEYS[2], time[1] * 1000, '+inf')
return {time[1] * 1000 + math.floor(time[2] / 1000), leases, redis.call('HGETALL', KEYS[1])}
"""


class RedisBook:
    """The states that all workers share; raises redis's errors when it cannot be reached.

    The clock is Redis's own, so that workers need not agree on the time; ``now`` replaces it for
    the suite that compares these rules with those of ``host_book``.
    """

    def __init__(self, redis: Redis, rules: Rules, now: int | None = None) -> None:
        self.now = now
        self._rules = rules
        self._enter = redis.register_script(_ENTER)
        self._leave = redis.register_script(_LEAVE)
        self._read = redis.register_script(_READ)

    async def enter(self, authority: str, token: str) -> Refusal | None:
        rules = self._rules
        wait_ms, reason = await self._enter(
            keys=_keys(authority), args=[self._clock, token, rules.at_once_max, rules.lease_ms]
        )
        return Refusal(wait_ms, REASONS[reason - 1]) if reason else None

    async def leave(self, authority: str, token: str, leaving: Leaving) -> None:
        rules = self._rules
        delay_ms = "" if leaving.delay_ms is None else leaving.delay_ms
        await self._leave(
            keys=_keys(authority),
            args=[
                self._clock, token, leaving.outcome, leaving.visit_ms, delay_ms, leaving.pause_ms,
                rules.failures_max, rules.open_ms_min, rules.open_ms_max,
            ],
        )  # fmt: skip

    @property
    def _clock(self) -> int | str:
        return "" if self.now is None else self.now

    async def read(self, authority: str) -> tuple[HostState, int]:
        now, leases, flat = await self._read(keys=_keys(authority), args=[])
        state = HostState(leases={str(number): now for number in range(leases)})
        for name, value in zip(flat[::2], flat[1::2], strict=True):
            setattr(state, _text(name), int(value))
        return state, now


def _keys(authority: str) -> list[str]:
    return [f"host:{{{authority}}}", f"host:{{{authority}}}:leases"]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
