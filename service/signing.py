"""Signed webhooks: sign what we send, verify what we are sent. Pure: no clock, no I/O.

Sources: Standard Webhooks 1.0.0 (``webhook-id``, ``webhook-timestamp``, ``webhook-signature``),
the HMAC variants of GitHub, Ghost, WordPress, Miniflux and Stripe, and W3C WebSub section 7.
Verification works on bytes, compares in constant time, and answers every malformed header with
a ``SignatureRejected`` that names the fault; nothing that a sender writes makes it fail else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta, Struct

from service.errors import SecretUnreadable, SignatureRejected

Algorithm = Literal["sha1", "sha256", "sha384", "sha512"]
Headers = Mapping[str, str]
"""Header names are lower-case."""

TOLERANCE_S = 300
"""How far a timestamp may be from now (Standard Webhooks recommends five minutes)."""

SIGNATURES_MAX = 10
UNREADABLE_S = 60.0
"""``Retry-After`` where an operator must act first."""
_SECRET_PREFIX = "whsec_"
_SECRET_BYTES = 32
_ID = re.compile(r"[\x21-\x7e]{1,255}")
_TIMESTAMP = re.compile(r"[0-9]{1,13}")

Tolerance = Annotated[int, Meta(ge=1, le=86_400)]
HeaderName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]


class StandardWebhooks(
    Struct, tag_field="type", tag="standard_webhooks", forbid_unknown_fields=True
):
    """Standard Webhooks: id, timestamp and body are signed; replays are recognised by the id."""

    tolerance_s: Tolerance = TOLERANCE_S


class Hmac(Struct, tag_field="type", tag="hmac", kw_only=True, forbid_unknown_fields=True):
    """An HMAC in one header. ``signed`` says over what, with the timestamp's digits as sent.

    The header may hold several comma-separated parts; the one that begins with ``prefix`` is
    the signature. The timestamp is read from ``timestamp_header``, or else from a ``t=`` part.
    """

    header: HeaderName
    prefix: Annotated[str, Meta(max_length=50)] = ""
    algorithm: Algorithm = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    signed: Literal["body", "timestamp.body", "body+timestamp"] = "body"
    timestamp_header: HeaderName | None = None
    tolerance_s: Tolerance = TOLERANCE_S
    id_header: HeaderName | None = None


class Bearer(Struct, tag_field="type", tag="bearer", forbid_unknown_fields=True):
    """``Authorization: Bearer <secret>``, for senders that cannot sign."""


class Basic(Struct, tag_field="type", tag="basic", forbid_unknown_fields=True):
    """HTTP Basic: a user name, and the source's secret as the password."""

    username: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^:\x00-\x1f]+$")]


Verifier = StandardWebhooks | Hmac | Bearer | Basic


def new_secret() -> str:
    """A fresh Standard Webhooks secret: ``whsec_`` and the base64 of 32 random bytes."""
    return _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def secret_key(secret: str) -> bytes:
    """The key that ``secret`` stands for: decoded base64 after ``whsec_``, else its UTF-8."""
    if not secret.startswith(_SECRET_PREFIX):
        return secret.encode()
    encoded = secret.removeprefix(_SECRET_PREFIX).rstrip("=")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a secret that begins with whsec_ must continue in base64") from error


def hmac_keys(secret: str) -> list[bytes]:
    """The keys that ``secret`` may stand for with senders of HMAC styles: its own characters
    (GitHub and Ghost take any, Stripe's begin with ``whsec_``), and what Standard Webhooks read."""
    written = secret.encode()
    if not secret.startswith(_SECRET_PREFIX):
        return [written]
    try:
        return [written, secret_key(secret)]
    except ValueError:
        return [written]


def sign(secret_list: Iterable[str], message_id: str, timestamp_s: int, body: bytes) -> str:
    """The ``webhook-signature`` of a message: one ``v1,<base64>`` a secret, separated by spaces."""
    content = _standard_content(message_id, str(timestamp_s), body)
    return " ".join("v1," + _base64(_digest(secret_key(s), content, "sha256")) for s in secret_list)


def signed_headers(
    secret_list: Iterable[str], message_id: str, timestamp_s: int, body: bytes
) -> dict[str, str]:
    """The three headers of a Standard Webhooks message."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": sign(secret_list, message_id, timestamp_s, body),
    }


def verify(
    verifier: Verifier, secret_list: Sequence[str], headers: Headers, body: bytes, now_s: int
) -> str:
    """The message's id, known to be from who has a secret; raises ``SignatureRejected``.

    The id is the sender's where it sends one; else a hash of what was signed, so that a replay
    of the same bytes has the same id. ``now_s`` is the current Unix time.
    """
    match verifier:
        case StandardWebhooks():
            return _verify_standard(verifier, secret_list, headers, body, now_s)
        case Hmac():
            return _verify_hmac(verifier, secret_list, headers, body, now_s)
        case Bearer():
            return _verify_bearer(secret_list, headers, body)
        case Basic():
            return _verify_basic(verifier, secret_list, headers, body)


def verify_websub(secret: str, header: str | None, body: bytes) -> bool:
    """Whether ``X-Hub-Signature`` (``sha256=<hex>``; sha1, sha384, sha512) fits the body."""
    method, _, digest = (header or "").strip().partition("=")
    for algorithm in ("sha1", "sha256", "sha384", "sha512"):
        if method.lower() == algorithm:
            return _same(_digest(secret.encode(), body, algorithm).hex(), digest.strip().lower())
    return False


def _verify_standard(
    verifier: StandardWebhooks,
    secret_list: Sequence[str],
    headers: Headers,
    body: bytes,
    now_s: int,
) -> str:
    message_id = _header(headers, "webhook-id")
    if not _ID.fullmatch(message_id):
        raise SignatureRejected("webhook-id is not 1 to 255 printable characters")
    timestamp = _timestamp(_header(headers, "webhook-timestamp"), now_s, verifier.tolerance_s)
    given = _header(headers, "webhook-signature").split(" ")
    if len(given) > SIGNATURES_MAX:
        raise SignatureRejected(f"webhook-signature holds more than {SIGNATURES_MAX} signatures")
    content = _standard_content(message_id, timestamp, body)
    keys = [hmac_keys(secret)[-1] for secret in secret_list]
    wanted = ["v1," + _base64(_digest(key, content, "sha256")) for key in keys]
    _require_match(wanted, given)
    return message_id


def _verify_hmac(
    verifier: Hmac, secret_list: Sequence[str], headers: Headers, body: bytes, now_s: int
) -> str:
    parts = [part.strip() for part in _header(headers, verifier.header).split(",")]
    content = _hmac_content(verifier, headers, parts, body, now_s)
    keys = [key for secret in secret_list for key in hmac_keys(secret)]
    digests = [_digest(key, content, verifier.algorithm) for key in keys]
    wanted = [verifier.prefix + _encode(digest, verifier.encoding) for digest in digests]
    given = [part for part in parts if part.startswith(verifier.prefix)][:SIGNATURES_MAX]
    if verifier.encoding == "hex":
        given = [verifier.prefix + part.removeprefix(verifier.prefix).lower() for part in given]
    _require_match(wanted, given)
    return _sender_id(verifier, headers) or hashlib.sha256(content).hexdigest()


def _sender_id(verifier: Hmac, headers: Headers) -> str | None:
    if verifier.id_header is None:
        return None
    message_id = _header(headers, verifier.id_header)
    if not _ID.fullmatch(message_id):
        raise SignatureRejected(f"{verifier.id_header} is not 1 to 255 printable characters")
    return message_id


def _hmac_content(
    verifier: Hmac, headers: Headers, parts: Sequence[str], body: bytes, now_s: int
) -> bytes:
    if verifier.signed == "body" and verifier.timestamp_header is None:
        return body
    if verifier.timestamp_header is not None:
        text = _header(headers, verifier.timestamp_header)
    else:
        text = next((part[2:] for part in parts if part.startswith("t=")), "")
    timestamp = _timestamp(text, now_s, verifier.tolerance_s)
    if verifier.signed == "timestamp.body":
        return timestamp.encode() + b"." + body
    return body + timestamp.encode() if verifier.signed == "body+timestamp" else body


def _verify_bearer(secret_list: Sequence[str], headers: Headers, body: bytes) -> str:
    scheme, _, token = _header(headers, "authorization").partition(" ")
    if scheme.lower() != "bearer":
        raise SignatureRejected("authorization is not of the form: Bearer <secret>")
    _require_match(secret_list, [token.strip()])
    return _header_id(headers) or hashlib.sha256(body).hexdigest()


def _verify_basic(
    verifier: Basic, secret_list: Sequence[str], headers: Headers, body: bytes
) -> str:
    scheme, _, token = _header(headers, "authorization").partition(" ")
    if scheme.lower() != "basic":
        raise SignatureRejected("authorization is not of the form: Basic <credentials>")
    wanted = [_base64(f"{verifier.username}:{secret}".encode()) for secret in secret_list]
    _require_match(wanted, [token.strip()])
    return _header_id(headers) or hashlib.sha256(body).hexdigest()


def _header_id(headers: Headers) -> str | None:
    message_id = headers.get("webhook-id", "")
    return message_id if _ID.fullmatch(message_id) else None


def _header(headers: Headers, name: str) -> str:
    value = headers.get(name.lower(), "").strip()
    if not value:
        raise SignatureRejected(f"the header {name} is missing")
    return value


def _timestamp(text: str, now_s: int, tolerance_s: int) -> str:
    digits = text.strip()
    if not _TIMESTAMP.fullmatch(digits):
        raise SignatureRejected("the timestamp is not a whole number of seconds")
    seconds = int(digits)
    if len(digits) > 11:  # milliseconds, as Ghost and others send them
        seconds //= 1000
    if abs(now_s - seconds) > tolerance_s:
        raise SignatureRejected(f"the timestamp is more than {tolerance_s} s from now")
    return digits


def _standard_content(message_id: str, timestamp: str, body: bytes) -> bytes:
    return message_id.encode() + b"." + timestamp.encode() + b"." + body


def _digest(key: bytes, content: bytes, algorithm: Algorithm) -> bytes:
    return hmac.new(key, content, algorithm).digest()


def _encode(digest: bytes, encoding: Literal["hex", "base64"]) -> str:
    return digest.hex() if encoding == "hex" else _base64(digest)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogatepass"))


def _require_match(wanted: Sequence[str], given: Sequence[str]) -> None:
    # Every pair is compared, so that the time does not reveal which secret or signature matches.
    matches = [_same(one, other) for one in wanted for other in given]
    if not any(matches):
        raise SignatureRejected("no signature matches; check the secret and the raw body")


class Seal:
    """Encrypts the secrets that we must be able to read again (AES-256-GCM, random nonce)."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"broadsheet seal\0" + key.encode()).digest())

    def close(self, secret: str) -> bytes:
        """``secret`` sealed: 12 bytes of nonce, the ciphertext, 16 bytes of tag."""
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), None)

    def open(self, sealed: bytes) -> str:
        """The secret again; ``SecretUnreadable`` when it was sealed with another key or damaged."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], None).decode()
        except InvalidTag as error:
            raise SecretUnreadable(
                "the stored secret was sealed with another BROADSHEET_SECRET, or is damaged: "
                "restore that setting, or rotate the secret",
                retry_after_s=UNREADABLE_S,
            ) from error

    def open_any(self, sealed: Sequence[bytes]) -> list[str]:
        """Those of the secrets that can be opened, in order; raises ``SecretUnreadable`` where
        there are some and none can be. While one is rotated the old one may be the unreadable."""
        opened, unread = [], None
        for one in sealed:
            try:
                opened.append(self.open(one))
            except SecretUnreadable as error:
                unread = error
        if unread is not None and not opened:
            raise unread
        return opened
