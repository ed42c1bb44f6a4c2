"""Structured events: one JSON line each, to standard error; secrets never get here.

``log.info("ingestion finished", ingestion_id=..., trace_id=...)``: the event is a short phrase,
everything else is a field. Fields of a job or request are bound once and ride on every line.
"""

from __future__ import annotations

import asyncio
import logging
import logging.config
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog

HOLD_S = 0.05
HELD_MAX = 100
"""Lines of requests that are written at once, at the latest."""
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_encoder = msgspec.json.Encoder(enc_hook=str)


class LibraryLine(logging.Formatter):
    """A line of a library in the form of our events, with the library's message as detail."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "library": record.name,
            "detail": record.getMessage(),
            "event": "library",
            "level": record.levelname.lower(),
            "at": datetime.fromtimestamp(record.created, UTC),
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return _encoder.encode(event).decode()


LIBRARIES: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": LibraryLine}},
    "handlers": {
        "lines": {
            "class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr",
        },
    },
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {"_granian": {"handlers": ["lines"], "level": "INFO", "propagate": False}},
}  # fmt: skip
"""How the standard library's logging is set, in the words of logging.config.dictConfig."""


def configure_log(level: str = "info") -> None:
    """Events from ``level`` up are written from now on; those of libraries from warning up."""
    logging.config.dictConfig(LIBRARIES)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_encode),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS.get(level, 20)),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=False,
    )
    _lines.is_open = LEVELS.get(level, 20) <= LEVELS["info"]
    _lines.descriptor = sys.stderr.fileno()


def write_line(line: msgspec.Struct) -> None:
    """``line`` is written as it is, from level info up: for what happens at every request.

    Lines of one moment leave together, so the last of a process that is killed may be lost.
    """
    if _lines.is_open:
        _lines.add(line)


def flush_lines() -> None:
    """All lines have left: for the end of a process."""
    _lines.flush()


class _Lines:
    """Where lines go; nowhere before ``configure_log``. They are held for ``HOLD_S`` at most
    where a loop runs, because one write a line costs more than making it, and many at once are
    encoded in half the time."""

    def __init__(self) -> None:
        self.is_open = False
        self.descriptor = 2
        self._held: list[msgspec.Struct] = []
        self._since = 0.0

    def add(self, line: msgspec.Struct) -> None:
        if not self._held:
            self._begin()
        self._held.append(line)
        if len(self._held) >= HELD_MAX or time.monotonic() > self._since + HOLD_S:
            self.flush()

    def _begin(self) -> None:
        try:
            asyncio.get_running_loop().call_later(HOLD_S, self.flush)
        except RuntimeError:  # no loop: nothing would flush it later
            self._since = 0.0
        else:
            self._since = time.monotonic()

    def flush(self) -> None:
        held, self._held = self._held, []
        left = _encoder.encode_lines(held)
        while left:
            left = left[os.write(self.descriptor, left) :]


_lines = _Lines()


def _encode(event: dict[str, Any], **_: Any) -> bytes:
    return _encoder.encode(event)


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
