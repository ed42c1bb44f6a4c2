"""Arrays as parameters of statements that are planned once."""

from __future__ import annotations

from collections.abc import Sequence


def array(type: str, number: int) -> str:
    """``$number`` as an array of ``type``.

    It stands in a SELECT of its own, or the planner looks how long it is, finds each run cheaper
    than what it expects of any, and plans the statement anew every time; to plan a long one costs
    more than to run it.

    >>> array("uuid", 1)
    '(select $1::uuid[])::uuid[]'
    """
    return f"(select ${number}::{type}[])::{type}[]"


def arrays(types: Sequence[str], first: int = 1) -> str:
    """``$first`` and those after it as arrays of ``types``, to be unnested together."""
    return ", ".join(array(type, first + n) for n, type in enumerate(types))
