"""Who calls: client keys, from header to ``Caller``.

A key is ``bsk_``, 32 random bytes and a checksum in base 62. Only its HMAC-SHA-256 under the
service's secret is stored, so neither the table nor a guess at timing gives a key away. What is
known of a key is kept for at most ``KEEP_S``: a revoked key is refused within five seconds. It is
asked for again while it still holds, so that callers who keep coming wait for no look-up.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
import secrets
import time
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Literal, get_args
from uuid import UUID

from msgspec import Struct

from service.db import Session, clients
from service.errors import BroadsheetError, Unauthorized
from service.log import log

Scope = Literal["ingest", "read", "source", "hooks", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIX = "bsk_"
SECRET_CHARS = 43
CHECK_CHARS = 6
SHOWN_CHARS = 12
KEY = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{SECRET_CHARS + CHECK_CHARS}}}", re.ASCII)

BEARER = "the Authorization header must be: Bearer <client key>"

KEEP_S = 3.0
RENEW_S = 1.5
"""What is known of a key for so little longer is asked for again, while requests go on."""
KEYS_MAX = 10_000
FLUSH_S = 30.0


class Caller(Struct, frozen=True):
    """The client behind a request, and what its key may do."""

    client_id: UUID
    key_id: UUID
    scopes: frozenset[str]


class NewKey(Struct, frozen=True):
    """A key that was just made: shown once, then only ``prefix`` and ``hash`` remain."""

    key: str
    prefix: str
    hash: bytes


def new_key(secret: str) -> NewKey:
    """A fresh key of 256 random bits; ``secret`` is the pepper of its hash."""
    body = PREFIX + _base62(int.from_bytes(secrets.token_bytes(32)), SECRET_CHARS)
    key = body + _checksum(body)
    return NewKey(key, key[:SHOWN_CHARS], hash_key(key, secret))


def hash_key(key: str, secret: str) -> bytes:
    """What is stored of ``key``: HMAC-SHA-256 under ``secret``."""
    return hmac.digest(secret.encode(), key.encode(), "sha256")


def is_well_formed(key: str) -> bool:
    """True where the checksum fits: a typing error or a guess costs no query."""
    return bool(KEY.fullmatch(key)) and _checksum(key[:-CHECK_CHARS]) == key[-CHECK_CHARS:]


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), CHECK_CHARS)


def _base62(number: int, chars: int) -> str:
    digits = []
    for _ in range(chars):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def presented_key(headers: Mapping[bytes, bytes]) -> str | None:
    """The key of ``Authorization: Bearer`` or ``X-Api-Key``; None when neither is sent.

    Raises ``Unauthorized`` for another scheme, or two different keys.
    """
    keys = set()
    if b"authorization" in headers:
        scheme, _, given = headers[b"authorization"].decode("latin-1").partition(" ")
        key = given.strip() if scheme.lower() == "bearer" else _password(scheme, given)
        if key is None:
            raise unauthorized(BEARER)
        keys.add(key)
    if b"x-api-key" in headers:
        keys.add(headers[b"x-api-key"].decode("latin-1").strip())
    if len(keys) > 1:
        raise unauthorized("two different client keys were sent")
    return keys.pop() if keys else None


def is_password(headers: Mapping[bytes, bytes]) -> bool:
    """Whether credentials came by HTTP Basic, which browsers send to every path of a host that
    they know a password for, also for requests that another site's page causes."""
    return headers.get(b"authorization", b"")[:6].lower() == b"basic "


def _password(scheme: str, given: str) -> str | None:
    """The client key that a browser sends as the password of HTTP Basic, for the console."""
    if scheme.lower() != "basic":
        return None
    try:
        _, _, password = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return password if is_well_formed(password) else None


def unauthorized(detail: str) -> Unauthorized:
    """401 with the challenge that RFC 9110, 15.5.2 demands."""
    return Unauthorized(detail, headers={"WWW-Authenticate": 'Bearer realm="broadsheet"'})


class Keys:
    """Answers which client a key belongs to, from memory for ``KEEP_S``, else from Postgres."""

    def __init__(self, session: Session, secret: str) -> None:
        self._session = session
        self._pepper = secret.encode()
        self._known: dict[bytes, tuple[float, Caller | None]] = {}
        self._shown: dict[bytes, tuple[float, Caller]] = {}
        self._asking: dict[bytes, asyncio.Task[Caller | None]] = {}
        self._renewing: dict[bytes, asyncio.Task[None]] = {}
        self._used: set[UUID] = set()

    async def presented(self, headers: Mapping[bytes, bytes]) -> Caller | None:
        """The owner of the key in ``headers``; None without one. Raises ``Unauthorized``.

        The same header again is not read again while what is known of its key holds.
        """
        header = b"" if b"x-api-key" in headers else headers.get(b"authorization", b"")
        until, caller = self._shown.get(header, (0.0, None))
        left_s = until - time.monotonic()
        if caller is not None and left_s > 0:
            self._used.add(caller.key_id)
            if left_s < RENEW_S and header not in self._renewing:
                task = self._renewing[header] = asyncio.create_task(self._renew(headers))
                task.add_done_callback(lambda _: self._renewing.pop(header, None))
            return caller
        key = presented_key(headers)
        if key is None:
            return None
        caller = await self.caller(key)
        if header:
            self._remember(header, key, caller)
        return caller

    async def _renew(self, headers: Mapping[bytes, bytes]) -> None:
        """What is known of the key in ``headers`` is asked for before it is too old."""
        header, key = headers[b"authorization"], presented_key(headers) or ""
        with suppress(BroadsheetError):  # while Postgres is gone, what is known still grows old
            if (caller := await self._ask(key, self._hash(key))) is None:
                self._shown.pop(header, None)
            else:
                self._remember(header, key, caller)

    def _remember(self, header: bytes, key: str, caller: Caller) -> None:
        """``header`` stands for ``caller`` for as long as what is known of ``key`` holds."""
        if len(self._shown) >= KEYS_MAX:
            self._shown.clear()
        until, _ = self._known.get(self._hash(key), (0.0, None))
        self._shown[header] = (until, caller)

    async def caller(self, key: str) -> Caller:
        """The owner of ``key``; raises ``Unauthorized`` for a key that is unknown or revoked."""
        hash = self._hash(key)
        until, caller = self._known.get(hash, (0.0, None))
        if until < time.monotonic():
            caller = await self._ask(key, hash)
        if caller is None:
            raise unauthorized("the client key is unknown, expired or revoked")
        self._used.add(caller.key_id)
        return caller

    def _hash(self, key: str) -> bytes:
        return hmac.digest(self._pepper, key.encode(), "sha256")

    async def _ask(self, key: str, hash: bytes) -> Caller | None:
        """Requests that arrive together ask once."""
        if not is_well_formed(key):
            return None
        task = self._asking.get(hash)
        if task is None:
            task = self._asking[hash] = asyncio.create_task(self._find(hash))
            task.add_done_callback(lambda _: self._asking.pop(hash, None))
        return await asyncio.shield(task)

    async def _find(self, hash: bytes) -> Caller | None:
        asked_at = time.monotonic()
        row = await clients.find_key(self._session, hash)
        caller = Caller(row.client_id, row.id, frozenset(row.scopes)) if row else None
        if len(self._known) >= KEYS_MAX:
            self._known.clear()
        self._known[hash] = (asked_at + KEEP_S, caller)
        return caller

    async def flush(self) -> None:
        """``last_used_at`` of all keys used since the last flush is written."""
        used, self._used = self._used, set()
        if used:
            await clients.touch_keys(self._session, sorted(used))

    @asynccontextmanager
    async def flushing(self) -> AsyncIterator[None]:
        """While open, ``flush`` runs every ``FLUSH_S``, and once more at the end."""
        task = asyncio.create_task(self._flush_for_ever())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self._flush_or_warn()

    async def _flush_for_ever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            await self._flush_or_warn()

    async def _flush_or_warn(self) -> None:
        try:
            await self.flush()
        except BroadsheetError as error:
            log.warning("last use of client keys not written", code=error.code)
