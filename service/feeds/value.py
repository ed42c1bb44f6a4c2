"""Values as feeds give them: anything, until it is shown to be a text or an address."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

from service.urls import safe_web_url

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and lone surrogates, which JSON can name and Postgres cannot hold."""
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});|</[a-z]|<(?:br|wbr|img)\b", re.IGNORECASE
)


def text(value: Any) -> str | None:
    """``value`` stripped, of what cannot be stored too, when it is a text; else null."""
    return _UNSTORABLE.sub("", value).strip() or None if isinstance(value, str) else None


def line(html: str | None) -> str | None:
    """The text of a title that is HTML: ``Tom &amp; <em>Jerry</em>`` is ``Tom & Jerry``."""
    return text(" ".join(unescape(_TAG.sub("", html)).split())) if html else None


def line_of(title: str | None) -> str | None:
    """A title of unknown kind: it is HTML where it has a character reference or an end tag, as
    publishing tools send it (WordPress: ``title.rendered``)."""
    return line(title) if title and _MARKUP.search(title) else title


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
