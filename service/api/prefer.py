"""``Prefer: wait=N`` (RFC 7240): how long a caller is willing to wait for the result."""

from __future__ import annotations

import re

WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})\"?(?=$|[,;\s])", re.IGNORECASE)


def wait_s(prefer: str, limit_s: float) -> float:
    """Seconds to wait, at most ``limit_s``; 0 where the header states no (valid) wait.

    >>> wait_s("respond-async, wait=10", 30.0), wait_s("wait=900", 30.0), wait_s("wait=x", 30.0)
    (10.0, 30.0, 0.0)
    """
    found = WAIT.search(prefer)
    return min(float(found[1]), limit_s) if found else 0.0
