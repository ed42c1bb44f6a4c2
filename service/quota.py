"""Tokens of a rate limit, counted for all processes together by one atomic script in Redis.

GCRA: a bucket of ``limit`` tokens that refills at ``limit`` a window. Its whole state is the
moment at which it is full again, so a key is one number that expires by itself.
"""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import RedisError

__all__ = ["Buckets", "Redis", "Taken"]

ANSWER_S_MAX = 0.25

TAKE = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local limit, window, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000000, tonumber(ARGV[3])
local interval = window / limit
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local free = math.floor((now + window - full_at) / interval + 0.001)
local taken = math.max(0, math.min(wanted, free))
if taken > 0 then
  full_at = full_at + taken * interval
  local keep_ms = math.ceil((full_at - now) / 1000) + 1000
  redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', keep_ms)
end
local next_at = full_at + interval - window
return {taken, free - taken, math.ceil((full_at - now) / 1000), math.ceil((next_at - now) / 1000)}
"""


class Taken(Struct, frozen=True):
    """Tokens ``taken`` (none when the bucket is empty) and ``left``; the bucket is full in
    ``full_in_s``, and has one more token in ``next_in_s``."""

    taken: int
    left: int
    full_in_s: float
    next_in_s: float


class Buckets:
    """The buckets of one limit: ``limit`` tokens each, regained over ``window_s``."""

    def __init__(self, redis: Redis, limit: int, window_s: int) -> None:
        self._script: Any = redis.register_script(TAKE)
        self._limit = limit
        self._window_s = window_s

    async def take(self, name: str, wanted: int) -> Taken | None:
        """Up to ``wanted`` tokens of the bucket ``name``; None when Redis does not answer."""
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                answer = await self._script(
                    [f"bs:rate:{name}"], [self._limit, self._window_s, wanted]
                )
        except (RedisError, OSError, TimeoutError):
            return None
        taken, left, full_ms, next_ms = answer
        return Taken(taken, left, full_ms / 1000, next_ms / 1000)
