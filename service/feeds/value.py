"""Values as feeds give them: anything, until it is shown to be a text or an address."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from service.urls import safe_web_url

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and lone surrogates, which JSON can name and Postgres cannot hold."""


def text(value: Any) -> str | None:
    """``value`` stripped, of what cannot be stored too, when it is a text; else null."""
    return _UNSTORABLE.sub("", value).strip() or None if isinstance(value, str) else None


def absolute(base: str, href: Any) -> str | None:
    """``href`` as an absolute http(s) URL seen from ``base``, of at most 8,192 characters; else
    null."""
    relative = text(href)
    if relative is None:
        return None
    try:
        joined = urljoin(base, relative)
    except ValueError:
        return None
    return joined if safe_web_url(joined) else None
