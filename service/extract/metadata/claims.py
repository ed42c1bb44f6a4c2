"""Claims: what one reader says about one field, with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from service.article import Source
from service.extract.document import Node


class Claim(NamedTuple):
    """A value and who says so; ``nodes`` print it on the page."""

    value: Any
    source: Source
    nodes: tuple[Node, ...] = ()


def first(claims: Iterable[Claim | None]) -> Claim | None:
    """The first claim that says something."""
    return next((claim for claim in claims if claim and claim.value), None)


def texts(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims that hold text, with white space collapsed."""
    for claim in claims:
        if isinstance(claim.value, str) and (text := " ".join(claim.value.split())):
            yield claim._replace(value=text)
