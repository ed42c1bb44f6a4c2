"""How schemathesis writes the media types that it does not know."""

from __future__ import annotations

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context: object, value: Any) -> bytes:
    """One document on one line; what is bytes already stays so."""
    return value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"
