"""Addresses: relative to absolute, and only those that are safe to publish."""

from __future__ import annotations

from urllib.parse import urlsplit

import ada_url

SCHEMES = ("http://", "https://", "mailto:", "tel:")
HREF_CHARS_MAX = 4096


class Resolver:
    """Joins addresses with one base; remembers what it has joined."""

    def __init__(self, base_url: str | None) -> None:
        self.base_url = _normal(base_url)
        self._known: dict[str, str | None] = {}

    def resolve(self, href: str | None) -> str | None:
        """The absolute form of ``href``; None for a bad address or another scheme."""
        if not href:
            return None
        known = self._known.get(href, "")
        if known == "":
            known = self._known[href] = self._join(href.strip())
        return known

    def _join(self, href: str) -> str | None:
        if not href or len(href) > HREF_CHARS_MAX:
            return None
        try:
            joined = ada_url.join_url(self.base_url, href) if self.base_url else _normal(href)
        except ValueError:
            return None
        return str(joined) if joined and joined.startswith(SCHEMES) else None


def readable(url: str | None) -> str | None:
    """``url``, or None where it cannot be taken apart (``http://[``)."""
    try:
        urlsplit(url or "")
    except ValueError:
        return None
    return url


def _normal(url: str | None) -> str | None:
    if not url:
        return None
    try:
        normal = str(ada_url.normalize_url(url.strip()))
    except ValueError:
        return None
    return normal if normal.startswith(SCHEMES) else None
