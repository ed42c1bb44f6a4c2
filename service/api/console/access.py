"""Who may see the console, and what a form of it may do."""

from __future__ import annotations

from service.api.request import ApiRequest
from service.errors import Forbidden, Unauthorized


def require_admin(request: ApiRequest) -> None:
    """The caller's key has the scope ``admin``; else the browser is asked for one."""
    caller = request.exchange.caller
    if caller is None:
        challenge = {"WWW-Authenticate": 'Basic realm="Broadsheet console", charset="UTF-8"'}
        raise Unauthorized("give a client key as the password; any user name", headers=challenge)
    if "admin" not in caller.scopes:
        raise Forbidden("the console needs a client key with the scope 'admin'")


def require_own_form(request: ApiRequest) -> None:
    """The request comes from a page of the console, or from no page, as the browser states."""
    require_admin(request)
    site = request.exchange.header(b"sec-fetch-site")
    origin = request.exchange.header(b"origin")
    if site in ("same-origin", "none"):
        return
    if not site and origin in ("", str(request.base_url).rstrip("/")):
        return
    raise Forbidden("this form was not sent by the console")
