"""Addresses that may leave the service: the one test that every URL in every format passes."""

from __future__ import annotations

import re
from urllib.parse import quote

URL_CHARS_MAX = 8192

_NOT_IN_HOST = r"\s/?#@\\\[\]<>\"'`{}|^\x00-\x20\x7f-\x9f"
_WEB = re.compile(
    rf"https?://(?:[^{_NOT_IN_HOST}]*@)?(?:[^{_NOT_IN_HOST}:]+|\[[0-9a-f:.]+\])(?::\d{{0,5}})?(?=[/?#]|$)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:mailto:[^\s\x00-\x20]|tel:[+0-9(*#])", re.IGNORECASE)
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0<>\"'`\\\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff]"
)
_ENDS = "".join(map(chr, range(0x21)))
_REMOVED = re.compile(r"[\t\n\r\ud800-\udfff]")


def safe_url(url: str | None) -> str | None:
    """The absolute http, https, mailto or tel address that ``url`` is, or None.

    What could end an attribute, a Markdown destination or a ``srcset`` entry is percent-encoded;
    tabs and line ends go, as in the WHATWG URL Standard. ``"HTTPS://a.example/b c"`` becomes
    ``"HTTPS://a.example/b%20c"``; ``"javascript:x"``, ``"/b"`` and ``"https://"`` become None.
    """
    if not url or len(url) > URL_CHARS_MAX:
        return None
    url = _REMOVED.sub("", url.strip(_ENDS))
    if not (_WEB.match(url) or _PERSON.match(url)):
        return None
    return _UNSAFE.sub(_percent_encoded, url)


def safe_web_url(url: str | None) -> str | None:
    """``safe_url`` for what is loaded rather than followed: http and https alone."""
    url = safe_url(url)
    return url if url and url[:4].lower() == "http" else None


def _percent_encoded(match: re.Match[str]) -> str:
    return quote(match[0], safe="")
