"""Ways to reach a person that stand in a byline and are no part of it."""

from __future__ import annotations

import re

CONTACT = re.compile(
    r"\S*@\S+|https?://\S*|www\.\S+|\S+\.(?:com|de|org|net)/\S*"
    r"|(?:(?:tel(?:efon)?|phone|fon)\b[.:]{0,2}\s?)?"
    r"(?:\+\d[\d ]{0,3}(?:\(\d{1,4}\))?|\(\d{2,4}\))[ -]?\d{2,4}(?:[ /-]?\d{2,4}){1,3}(?!\d)",
    re.IGNORECASE,
)
"""Mail, accounts, addresses, and telephone numbers that a plus or brackets tell from dates."""


def may_reach(text: str) -> bool:
    """Whether ``text`` has a mark without which ``CONTACT`` finds nothing in it."""
    return any(mark in text for mark in ("@", "/", "www.", "+", "("))
