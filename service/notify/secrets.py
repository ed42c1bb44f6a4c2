"""Whether the stored secrets of webhooks can be opened with the present ``BROADSHEET_SECRET``."""

from __future__ import annotations

from service.db import gauges
from service.errors import SecretUnreadable, UnavailableError
from service.log import log
from service.runtime import Runtime


async def check_secrets(runtime: Runtime) -> None:
    """Nothing, where the newest secret of each kind can be opened; else ``SecretUnreadable``."""
    for sealed in await gauges.newest_secrets(runtime.db):
        runtime.seal.open(sealed)


async def warn_of_unreadable(runtime: Runtime) -> None:
    """As ``check_secrets``, but what is wrong is logged: at the start of a process, before a
    message or delivery fails by it."""
    try:
        await check_secrets(runtime)
    except SecretUnreadable as error:
        log.error("stored secrets cannot be opened", code=error.code, detail=error.detail)
    except UnavailableError as error:
        log.warning("stored secrets not checked", code=error.code)
