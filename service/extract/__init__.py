"""Pages in, structured articles out. Pure: no I/O, clock, settings, logging or mutable state."""

from __future__ import annotations

from service.extract.document import Document, Node, parse
from service.extract.page import Page

__all__ = ["Document", "Node", "Page", "parse"]
