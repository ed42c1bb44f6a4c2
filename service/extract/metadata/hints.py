"""Questions to the classes of an element, each answered once per distinct set of classes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

REMEMBERED_MAX = 16_384


def teller(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """A function that says whether the words of an element's ``hints`` match ``pattern``.

    Sites repeat their classes, so an answer is remembered; an empty text matches nothing.
    """

    @lru_cache(maxsize=REMEMBERED_MAX)
    def says(hints: str) -> bool:
        return bool(hints) and pattern.search(hints) is not None

    return says
