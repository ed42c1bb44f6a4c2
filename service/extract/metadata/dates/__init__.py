"""Dates as people and machines write them."""

from __future__ import annotations

from service.extract.metadata.dates.calendars import plain
from service.extract.metadata.dates.spans import label_start, spans
from service.extract.metadata.dates.text import Moment, read_date, read_dates
from service.extract.metadata.dates.words import LABELS, Order, order_of, primary

__all__ = [
    "LABELS", "Moment", "Order", "label_start", "order_of", "plain", "primary", "read_date",
    "read_dates", "spans",
]  # fmt: skip
