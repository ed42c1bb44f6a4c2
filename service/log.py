"""Structured events: one JSON line each, to standard error; secrets never get here.

``log.info("ingestion finished", ingestion_id=..., trace_id=...)``: the event is a short phrase,
everything else is a field. Fields of a job or request are bound once and ride on every line.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import msgspec
import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_encoder = msgspec.json.Encoder(enc_hook=str)


def configure_log(level: str = "info") -> None:
    """Events from ``level`` up are written from now on; those of libraries from warning up."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
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


def _encode(event: dict[str, Any], **_: Any) -> bytes:
    return _encoder.encode(event)


log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
