"""The AMP variant of a page that only a script would fill."""

from __future__ import annotations

from service.address import site_domain
from service.errors import FetchError, InvalidRequest
from service.fetch.client import Fetched, Request
from service.fetch.refresh import amp_reference
from service.fetch.url import join, parse
from service.log import log
from service.runtime import Runtime


async def variant_of(runtime: Runtime, fetched: Fetched, *, robots: bool) -> Fetched | None:
    """What ``fetched`` names as its AMP variant at its own site, fetched as any page is; None if
    it names none or it cannot be fetched: the page then fails for its own reason."""
    reference = amp_reference(fetched.content)
    if reference is None:
        return None
    try:
        url = join(parse(fetched.url), reference).href
        if site_domain(url) != site_domain(fetched.url):
            return None
        return await runtime.fetcher.fetch_patiently(Request(url=url, robots=robots))
    except (FetchError, InvalidRequest) as error:
        log.warning("no AMP variant", url=fetched.url, code=error.code)
        return None
