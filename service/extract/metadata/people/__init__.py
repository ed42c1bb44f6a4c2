"""Names of people and agencies, as bylines print them."""

from __future__ import annotations

from service.extract.metadata.people.bylines import assistants, groups, labelled_part, people
from service.extract.metadata.people.printed import byline_text
from service.extract.metadata.people.reader import Person
from service.extract.metadata.people.words import (
    BY_LABELS,
    is_own_label,
    label_at_end,
    label_at_start,
)

__all__ = [
    "BY_LABELS", "Person", "assistants", "byline_text", "groups", "is_own_label", "label_at_end",
    "label_at_start", "labelled_part", "people",
]  # fmt: skip
