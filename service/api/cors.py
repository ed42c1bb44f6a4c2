"""CORS: browser apps of other origins may call if ``BROADSHEET_CORS_ORIGINS`` names them.

Headers alone (Fetch Standard, 3.2): a preflight is the OPTIONS that every resource answers. Around
the whole application, since the framework's own layer sees neither refusals nor the short way.
Nothing here allows credentials: a key comes in a header that the app sends itself, never by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable

from service.api.asgi import App, Headers, Message, Receive, Scope, Send

ANY = "*"
SHARED = ("/v1/", "/openapi.json")
"""What apps call; the console and what probes ask stay with their own origin."""
SENT = (
    b"Authorization, X-Api-Key, Content-Type, Content-Encoding, Idempotency-Key, If-Match, "
    b"If-None-Match, Prefer, X-Request-Id, traceparent"
)
READ = (
    b"ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, "
    b"Preference-Applied, Repr-Digest, X-Request-Id, traceparent"
)
KEPT_S = b"7200"
"""How long a browser may keep a preflight; Chromium keeps none longer."""


class Cors:
    """``app`` with the headers that let browsers show its answers to pages of ``origins``."""

    def __init__(self, app: App, origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)
        self._is_any = ANY in origins

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answers one request."""
        if scope["type"] == "http" and scope["path"].startswith(SHARED):
            send = _telling(send, self._headers(scope))
        return self._app(scope, receive, send)

    def _headers(self, scope: Scope) -> Headers:
        """Those of every answer, and more for an origin that may call; ``Vary`` also without, or a
        cache gives one origin's answer to another."""
        asked = dict(scope["headers"])
        origin = asked.get(b"origin", b"")
        told = [] if self._is_any else [(b"vary", b"Origin")]
        if origin and (self._is_any or origin in self._origins):
            told.append((b"access-control-allow-origin", b"*" if self._is_any else origin))
            if scope["method"] == "OPTIONS" and b"access-control-request-method" in asked:
                told.append((b"access-control-allow-headers", SENT))
                told.append((b"access-control-max-age", KEPT_S))
            else:
                told.append((b"access-control-expose-headers", READ))
        return told


def _telling(send: Send, told: Headers) -> Send:
    """``send``, with the headers ``told``; a preflight names the methods that OPTIONS does."""

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = message["headers"]
            message = message | {"headers": [*given, *told, *_methods(given, told)]}
        await send(message)

    return tell


def _methods(given: Headers, told: Headers) -> Headers:
    if (b"access-control-max-age", KEPT_S) not in told:
        return []
    return [(b"access-control-allow-methods", value) for name, value in given if name == b"allow"]
