"""Opaque keyset cursors: signed, versioned, bound to the list that they were cut from.

A token is ``base64url(version, mac, msgpack [digest of the binding, position])``. The binding is
whatever decides the order and the choice of rows (list, sort, filters); with another binding the
token is refused by name, and so is one that was not made here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from service.errors import FieldError, InvalidRequest

VERSION = b"\x01"
MAC_BYTES = 12
TOKEN_CHARS_MAX = 1_024

T = TypeVar("T")


class Binding(Struct, frozen=True):
    """What a cursor is bound to, as a digest."""

    digest: bytes


class Cursors:
    """Writes and reads the cursors of all lists; ``secret`` is shared by all API processes."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"broadsheet cursor", "sha256")

    def write(self, binding: object, position: tuple[Any, ...]) -> str:
        """The token that continues after ``position`` (datetimes, UUIDs, numbers, strings)."""
        payload = msgspec.msgpack.encode((_digest(binding), position))
        return _text(VERSION + self._mac(payload) + payload)

    def read(self, token: str | None, binding: object, kind: type[T]) -> T | None:
        """The position in ``token``, as ``kind``; None without a token, at the start of the list.

        Raises ``InvalidRequest`` that says why it is refused.
        """
        if token is None:
            return None
        payload = self._payload(token)
        digest, position = msgspec.msgpack.decode(payload, type=tuple[bytes, Any])
        if digest != _digest(binding):
            raise _refused("other_list", "the cursor belongs to another list, sort or filter")
        try:
            return msgspec.convert(position, kind)
        except msgspec.ValidationError as error:
            raise _refused("outdated", "the cursor is of an older version") from error

    def _payload(self, token: str) -> bytes:
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raw = b""
        mac, payload = raw[1 : 1 + MAC_BYTES], raw[1 + MAC_BYTES :]
        is_ours = raw[:1] == VERSION and len(token) <= TOKEN_CHARS_MAX and _text(raw) == token
        if not is_ours or not hmac.compare_digest(mac, self._mac(payload)):
            raise _refused("invalid", "the cursor was not issued by this service")
        return payload

    def _mac(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, VERSION + payload, "sha256")[:MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bind(binding: object) -> Binding:
    """The digest of ``binding``, for callers that keep it."""
    encoded = msgspec.json.encode(binding, order="sorted")
    return Binding(hashlib.blake2b(encoded, digest_size=8).digest())


def _digest(binding: object) -> bytes:
    return (binding if isinstance(binding, Binding) else bind(binding)).digest


def _refused(code: str, why: str) -> InvalidRequest:
    error = FieldError("cursor", code, why)
    return InvalidRequest(f"{why}: start again without a cursor", errors=(error,))
