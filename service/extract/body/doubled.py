"""What a page prints twice: the headline above the story, blocks for other screens, pull quotes."""

from __future__ import annotations

import re
from collections import Counter

from service.extract.body.context import Context
from service.extract.body.lines import Line
from service.extract.body.signs import Sign

PROSE_CHARS_MIN = 120
KICKED_CHARS_MIN = 25
REPEATED_CHARS_MIN = 40
LISTED_MIN, LISTED_SHARE = 3, 0.2
"""Where so many lines come so often, a plan or a recipe repeats itself; doubles come twice."""
BUTTON_CHARS_MAX, LINKED_SHARE = 80, 0.95
QUOTES_MAX = 40
_WORD = re.compile(r"\w+")
_BRACKETED = re.compile(r"^[\[［【〔][^\]］】〕]{1,20}[\]］】〕]\s*")
"""A section before a headline, in brackets, as Korean and Japanese titles have it."""
_QUOTE = int(Sign.QUOTE)


def drop_headline(context: Context, reasons: list[str]) -> None:
    """Drops the headline where it is printed above the story once more, or in no heading."""
    wanted = _bare(context.headline_text).replace(" ", "")
    bare = _bare(_BRACKETED.sub("", context.headline_text)).replace(" ", "")
    for at, line in enumerate(context.lines):
        if not wanted or reasons[at]:
            continue
        if _is_headline(line, wanted) or _is_headline(line, bare):
            reasons[at] = "headline"
        elif line.chars > PROSE_CHARS_MIN:
            return


def _is_headline(line: Line, wanted: str) -> bool:
    """Whether a line is the headline again; in a heading a kicker may stand before it."""
    if line.chars > 3 * len(wanted) + PROSE_CHARS_MIN:
        return False
    found = _bare(line.text).replace(" ", "")
    doubled = line.kind == "heading" and len(wanted) >= KICKED_CHARS_MIN
    return found == wanted or (doubled and found.endswith(wanted) and len(found) < 2 * len(wanted))


def drop_repeated(lines: list[Line], reasons: list[str]) -> None:
    """Drops text that was kept before, pull quotes and doubled blocks for other screens, and short
    links that come three times: buttons of cards."""
    kept = Counter(x.text for x, why in zip(lines, reasons, strict=True) if not why and x.text)
    often = sum(n for text, n in kept.items() if n >= LISTED_MIN and len(text) > REPEATED_CHARS_MIN)
    own = LISTED_MIN if often >= LISTED_SHARE * kept.total() else kept.total() + 1
    seen: set[str] = set()
    for at, line in enumerate(lines):
        if reasons[at] or not line.text:
            continue
        doubled = line.text in seen and line.chars > REPEATED_CHARS_MIN
        is_button = kept[line.text] >= LISTED_MIN and _is_button(line)
        if is_button or (doubled and kept[line.text] < own):
            reasons[at] = "repeated"
        seen.add(line.text)


def _is_button(line: Line) -> bool:
    is_linked = line.link_chars >= LINKED_SHARE * line.chars
    return line.kind == "text" and is_linked and line.chars <= BUTTON_CHARS_MAX


def drop_pull_quotes(lines: list[Line], reasons: list[str]) -> None:
    """Drops quotations that repeat words of the story, which print it twice."""
    quotes = [
        at
        for at, line in enumerate(lines)
        if not reasons[at] and (line.quote or (line.own | line.signs) & _QUOTE) and line.chars > 25
    ]
    if not quotes:
        return
    kept = {at: _bare(line.text) for at, line in enumerate(lines) if not reasons[at]}
    for at in quotes[:QUOTES_MAX]:
        words = kept[at]
        if any(words in text for other, text in kept.items() if other != at and text != words):
            reasons[at] = "pull quote"


def _bare(text: str) -> str:
    """Words alone, in lower case, without places to hyphenate: marks differ between quote and
    story."""
    return " ".join(_WORD.findall(text.lower().replace("\xad", "")))
