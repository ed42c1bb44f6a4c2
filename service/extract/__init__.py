"""Pages in, structured articles out. Pure: no I/O, clock, settings, logging or mutable state.

The engine, with 45 MB of models and tables, is loaded by who asks for ``extract`` or ``parse``: a
process that hands its pages to parsers needs no more than ``Page``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.extract.page import Page

if TYPE_CHECKING:
    from service.extract.engine import Document, Node, extract, parse, part_links

__all__ = ["VERSION", "Document", "Node", "Page", "extract", "parse", "part_links"]

VERSION = "6"
"""Raised by a change that makes other articles of the same pages; ``reextract`` goes by it."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """What is the engine's, of ``__all__`` (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from service.extract import engine

        return getattr(engine, name)
