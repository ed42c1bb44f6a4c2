"""Addresses that callers give us to call: checked when given, and again at each call."""

from __future__ import annotations

from service.api.request import ApiRequest
from service.errors import DnsFailed, FieldError, UrlForbidden

GIVE = "give a public http or https address; BROADSHEET_FETCH_ALLOW may name internal ones"


async def check_target(request: ApiRequest, url: str | None, pointer: str = "/url") -> None:
    """``url`` may be called, as far as is known now; raises ``UrlForbidden`` without the reason."""
    if url is None:
        return
    try:
        await request.runtime.fetcher.guard.check(url)
    except (UrlForbidden, DnsFailed) as error:
        forbidden = UrlForbidden("this address may not be called")
        forbidden.errors = (FieldError(pointer, "url_forbidden", GIVE),)
        raise forbidden from error
