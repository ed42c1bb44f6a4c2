"""What a process works with: settings, Postgres, Redis, the web, the parsers, the seal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from msgspec import Struct
from redis.asyncio import Redis

from service.db import Db, open_db
from service.db.facets import Facets
from service.db.intake import Intake
from service.db.reader import Reader
from service.db.sites import Sites
from service.fetch.client import Fetcher
from service.parsers import Parsers
from service.queue import Bell, Link, Streams, open_redis
from service.settings import Settings
from service.signing import Seal


class Runtime(Struct, frozen=True):
    """Everything that a story needs from outside."""

    settings: Settings
    seal: Seal
    db: Db
    reader: Reader
    intake: Intake
    sites: Sites
    facets: Facets
    redis: Redis
    link: Link
    streams: Streams
    bell: Bell
    fetcher: Fetcher
    parsers: Parsers


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """A Runtime whose parts are closed when the block ends; no server need be up yet."""
    url = settings.redis_url
    async with AsyncExitStack() as opened:
        db = await opened.enter_async_context(
            open_db(
                settings.database_url,
                pool_max=settings.database_pool_max,
                timeout_s=settings.database_timeout_s,
            )
        )
        redis, texts, link = open_redis(url), open_redis(url, is_text=True), Link()
        opened.push_async_callback(redis.aclose)
        opened.push_async_callback(texts.aclose)
        streams, bell = Streams(texts, link), Bell(texts, link)
        opened.push_async_callback(streams.flush)
        opened.push_async_callback(bell.close)
        yield Runtime(
            settings=settings,
            seal=Seal(settings.secret),
            db=db,
            reader=Reader(db, settings.documents_kept_bytes),
            intake=Intake(db),
            sites=Sites(db),
            facets=Facets(db),
            redis=redis,
            link=link,
            streams=streams,
            bell=bell,
            fetcher=await opened.enter_async_context(Fetcher(settings, redis)),
            parsers=await opened.enter_async_context(Parsers(settings)),
        )
