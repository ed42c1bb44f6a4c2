"""Redis Streams as the dispatcher: hints that a row in Postgres is due.

The truth about due work is in Postgres; Redis only carries it to a worker at once. So

- an entry holds a version and the id of a row, and nothing that is not in Postgres;
- losing entries (a flush, a crash, an outage) loses time only: a worker that has nothing to do
  looks into Postgres every second, and every fourth claim looks there first;
- entries sent twice are harmless: a row is claimed by a conditional UPDATE;
- sending never delays or fails the request that made the row.

One stream per lane and priority, one consumer group over each; the streams of a lane share a
hash tag, so that they live on one shard of a Redis Cluster. Only commands are used that Redis 7,
Redis 8 and Valkey 8 have in common.
"""

from service.queue.bell import Bell
from service.queue.link import Link, open_redis
from service.queue.streams import Hint, Job, LaneName, Streams

__all__ = ["Bell", "Hint", "Job", "LaneName", "Link", "Streams", "open_redis"]
