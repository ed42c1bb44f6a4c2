"""Redis Streams as the dispatcher: hints that a row in Postgres is due.

An entry holds a job's kind, id and priority class, and nothing that is not in Postgres. Losing
entries loses time only; entries sent twice are harmless, since a row is claimed by a conditional
UPDATE. One stream per lane and priority, one consumer group over each.

Only commands that Redis 7, Redis 8 and Valkey 8 have in common are used.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from msgspec import Struct

Lane = Literal["ingestion", "delivery", "feed"]
PRIORITIES = (0, 1, 2)
"""High (a caller waits), normal, low (bulk and repair)."""


class Job(Struct, frozen=True):
    """A row that is due: its lane, id and priority."""

    lane: Lane
    id: UUID
    priority: int = 1
