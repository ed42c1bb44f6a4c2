"""The limits of a document, by which recursion over it is bounded, and how they lose no text."""

from __future__ import annotations

from collections.abc import Iterator

from service.extract.document.events import END, START, TEXT, Event, read_to_end
from service.extract.document.node import INLINE, UNREAD

DEPTH_MAX = 250
NODES_MAX = 120_000


class Unbounded(Exception):
    """A page passes the limits; ``bounded`` tells how it is to be read."""


def bounded(events: Iterator[Event]) -> Iterator[Event]:
    """The events of a page that passes the limits, as those of one that does not.

    Blocks that are too deep become siblings at ``DEPTH_MAX``; inline elements there and elements
    beyond ``NODES_MAX`` lend their text to the element around them. Scripts are kept.
    """
    entered: list[bool] = []
    nodes, flat = 0, ""
    for event in events:
        kind, found = event[0], event[1]
        if kind == TEXT:
            yield event
        elif kind == START:
            if flat:
                yield END, flat
            deep = len(entered) >= DEPTH_MAX
            fits = nodes < NODES_MAX and not (deep and found in INLINE)
            flat = found if fits and deep else ""
            if found in UNREAD:
                text = read_to_end(events)
                if fits or found == "script":
                    yield from (event, (TEXT, text), (END, found))
                flat = ""
            else:
                if fits:
                    yield event
                entered.append(fits and not deep)
            nodes += fits
        elif kind == END:
            if flat:
                yield END, flat
            elif entered[-1]:
                yield event
            elif found not in INLINE:
                yield TEXT, " "
            entered.pop()
            flat = ""
