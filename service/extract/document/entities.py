"""Entities that a publisher's system escaped once more than the page needs."""

from __future__ import annotations

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
"""Only whole ones: an address may hold ``&copy=``."""


def unescaped(attribute: str) -> str:
    """The value of an attribute whose entities are still there after the parser resolved one
    level: ``Wind &amp; Wellen`` gives ``Wind & Wellen``."""
    return _ENTITY.sub(lambda found: unescape(found.group()), attribute)
