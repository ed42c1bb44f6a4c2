"""A complete answer, without the framework: what handlers of the hot routes return."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import Struct

from service.api import compression
from service.api.asgi import Headers, Receive, Scope, Send

VARIANTS_MAX = 2
VARIANT_BYTES_MAX = 300
"""How many ways to leave an answer remembers, and how long the headers that name one may be."""

Variant = tuple[bytes, bytes, bytes]
"""``Accept-Encoding``, ``If-None-Match`` and ``If-Modified-Since`` of a request that reads."""


class Leaving(Struct, frozen=True):
    """An answer as it leaves: coded, or as 304; what is of one request alone is added to it."""

    status: int
    headers: Headers
    body: bytes


class Answer:
    """Status, headers by lower-case name, and the whole body; nobody changes it afterwards, so
    equal requests may share one. What is the same in every answer is put on by ``Exchange``."""

    __slots__ = ("_coded", "_leaving", "_tag", "body", "headers", "status")

    def __init__(self, body: bytes, headers: Mapping[bytes, bytes], status: int = 200) -> None:
        self.body = body
        self.headers = headers
        self.status = status
        self._tag = b""
        self._coded: dict[str, bytes] = {}
        self._leaving: dict[Variant, Leaving] = {}

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        """Leaves by the request's exchange, where the framework runs the handler."""
        await scope["exchange"].give(self)

    @property
    def tag(self) -> bytes:
        """A strong base tag, made of the body's bytes."""
        if not self._tag:
            self._tag = b'"%s"' % hashlib.sha256(self.body).hexdigest()[:24].encode()
        return self._tag

    async def coded(self, coding: str) -> bytes:
        """The body in ``coding``, which is one of ``compression.CODINGS``; made once."""
        if coding not in self._coded:
            self._coded[coding] = await compression.compress(coding, self.body)
        return self._coded[coding]

    def left(self, variant: Variant) -> Leaving | None:
        """How it left for an equal request, if that is known."""
        return self._leaving.get(variant)

    def note(self, variant: Variant, leaving: Leaving) -> None:
        """Equal requests are answered by ``leaving``, as long as there is room for it."""
        if len(self._leaving) < VARIANTS_MAX and sum(map(len, variant)) <= VARIANT_BYTES_MAX:
            self._leaving[variant] = leaving
