"""An answer that is made: what handlers of the hot routes give, free of the framework."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from service.api import compression
from service.api.asgi import Receive, Scope, Send


class Answer:
    """Status, headers by lower-case name, and the whole body; nobody changes it afterwards, so
    equal requests may share one. What is the same in every answer is put on by ``Exchange``."""

    __slots__ = ("_coded", "_tag", "body", "headers", "status")

    def __init__(self, body: bytes, headers: Mapping[bytes, bytes], status: int = 200) -> None:
        self.body = body
        self.headers = headers
        self.status = status
        self._tag = b""
        self._coded: dict[str, bytes] = {}

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
