"""The date that the scripts of a page name: the last resort, and a guess."""

from __future__ import annotations

import re

from service.article import Timestamp
from service.extract.document import Document
from service.extract.metadata.dates import read_date

SCRIPT_CHARS_MAX = 200_000
SCRIPTS_MAX = 40
_DATED = re.compile(
    r"""["'](?:date_?published|publish(?:ed)?_?(?:date|at|on|time)|pub_?date|publication_?date"""
    r"""|first[_-]?publi(?:shed|cation)(?:[_-]?(?:date|at))?)\\?["']\s*:\s*\\?["']"""
    r"""((?:19|20)\d\d-\d\d-\d\d[^"'\\]{0,20})\\?["']""",
    re.IGNORECASE,
)


def scripted_date(document: Document) -> Timestamp:
    """The one day that scripts call published; null where they name several, or none."""
    found: list[str] = []
    for script in document.scripts[:SCRIPTS_MAX]:
        if "ld+json" not in script.get("type"):
            text = script.text[:SCRIPT_CHARS_MAX]
            if "ubl" in text or "pub" in text:
                found += _DATED.findall(text)
    if not found or len({raw[:10] for raw in found}) > 1:
        return Timestamp()
    moment = read_date(found[0])
    if moment is None:
        return Timestamp()
    return Timestamp(at=moment.at, raw=found[0], precision=moment.precision, source="guess")
