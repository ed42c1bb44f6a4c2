"""When an event takes place: days that a page prints and that are not when it was published."""

from __future__ import annotations

from datetime import date
from itertools import islice

from service.extract.document import Document, Node
from service.extract.metadata.dates import Order, read_date
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.hints import teller
from service.extract.metadata.linked_data import types_of

EVENTS_MAX = 20
INNER_MAX, AROUND_MAX = 30, 2
_TIMES = ("startDate", "endDate")
_says_event = teller(
    "dtstart dtend", r"event[\w-]*(?:date|time|start|end|schedule|when|info|meta|details)\b"
)


def event_days(page: Evidence, order: Order) -> set[date]:
    """The days on which the events of a page begin and end, as JSON-LD and microdata tell."""
    events = [node for node in page.data.nodes if any(t.endswith("event") for t in types_of(node))]
    raws = [raw for event in events for name in _TIMES for raw in page.data.texts(event, name)]
    raws += [item.value for name in _TIMES for item in page.items.own(name.lower())]
    moments = (read_date(raw, page.language, order) for raw in raws[:EVENTS_MAX])
    return {moment.at.date() for moment in moments if moment}


def is_of_event(document: Document, node: Node) -> bool:
    """Whether classes in or right around a line say that it tells when something takes place."""
    near = (node, *document.inside(node)[:INNER_MAX], *islice(node.ancestors(), AROUND_MAX))
    return any(each.hints and _says_event(each.hints) for each in near)
