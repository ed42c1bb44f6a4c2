"""Values as feeds give them: anything, until it is shown to be a text or an address."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin


def text(value: Any) -> str | None:
    """``value`` stripped when it is a text that says something; else null."""
    return value.strip() or None if isinstance(value, str) else None


def absolute(base: str, href: Any) -> str | None:
    """``href`` as an absolute http(s) URL seen from ``base``; else null."""
    relative = text(href)
    if relative is None:
        return None
    try:
        joined = urljoin(base, relative)
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None
