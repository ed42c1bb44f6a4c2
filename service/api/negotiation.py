"""Which representation a caller gets, by ``?format=`` or ``Accept`` (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from service.errors import NotAcceptable


def weighted(header: str) -> list[tuple[str, float]]:
    """The items of an ``Accept`` or ``Accept-Encoding`` header, in lower case, each with its q; a
    bad q counts as 0."""
    items = ([part.strip().lower() for part in item.split(";")] for item in header.split(","))
    return [(name, _quality(parameters)) for name, *parameters in items if name]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(maxsize=512)
def _ranges(accept: str) -> list[tuple[str, float]]:
    """Media ranges with their q, most specific first."""
    return sorted(weighted(accept), key=lambda pair: pair[0].count("*"))


def quality(accept: str, media_type: str) -> float:
    """How much the caller wants ``media_type``; 0 is not at all.

    >>> quality("text/*;q=0.5, text/html", "text/html"), quality("text/*;q=0.5", "text/plain")
    (1.0, 0.5)
    """
    wide = media_type.partition("/")[0] + "/*"
    for media, q in _ranges(accept):
        if media in (media_type, wide, "*/*"):
            return q
    return 0.0


def choose(accept: str, offered: Mapping[str, str]) -> str:
    """The name of the best of ``offered`` (name -> media type); the first where all are equal.

    Raises ``NotAcceptable``, which lists what there is.
    """
    if not accept:
        return next(iter(offered))
    best = max(offered, key=lambda name: quality(accept, offered[name]))
    if quality(accept, offered[best]) == 0:
        raise NotAcceptable(f"available formats: {', '.join(offered.values())}")
    return best
