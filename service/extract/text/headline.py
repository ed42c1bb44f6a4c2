"""The headline of a text, by rules: where the judges are not asked, or it is known already."""

from __future__ import annotations

import re

from service.extract.metadata.dates.text import read_date
from service.extract.text.lines import Line, main_run
from service.extract.vocabulary import normal

CANDIDATES_MAX = 60
STORY_CHARS = 4000
_WORD = re.compile(r"[^\W_]+")


def same_line(lines: list[Line], headline: str) -> int | None:
    """The index of the line that prints a headline which is known."""
    plain = normal(headline)
    return next((at for at, line in enumerate(lines[:20]) if normal(line.text) == plain), None)


def ruled_headline(lines: list[Line]) -> int | None:
    """The index of the line that is the headline, if any line can be."""
    first, last = main_run(lines)
    story = " ".join(line.text for line in lines[first : last + 1])[:STORY_CHARS].casefold()
    scores: list[tuple[float, int]] = []
    prose = 0
    for at in range(max(0, first - CANDIDATES_MAX), max(last, first) + 1):
        line = lines[at] if at < len(lines) else None
        if line is None or prose > 3 or at > first + CANDIDATES_MAX:
            break
        if _can_be_headline(line):
            scores.append((_score(lines, at, story) - prose, -at))
        prose += line.is_prose
    if not scores or max(scores)[0] < 1:
        return None
    best, at = max(scores)
    return _above(lines, -at, {-other: score for score, other in scores if score > best - 1.6})


def _above(lines: list[Line], at: int, near: dict[int, float]) -> int:
    """The first of the lines that stand together: what is below a headline is its standfirst."""
    while at - 1 in near and lines[at - 1].weight >= 22 and lines[at].markup.mark != "heading":
        at -= 1
    return at


def _can_be_headline(line: Line) -> bool:
    if line.kind or line.markup.mark not in {"", "heading"} or not 6 <= line.weight <= 300:
        return False
    if line.is_prose or _is_path(line.text):
        return False
    return not (line.is_sentence and len(line.text) > 120) and line.split.credit is None


def _is_path(text: str) -> bool:
    """Whether a line is a trail or a menu: ``Home > News > World``."""
    return any(text.count(mark) > 1 for mark in (" > ", " › ", " » ", " | ", " / ", " · ", " • "))


def _score(lines: list[Line], at: int, story: str) -> float:
    line = lines[at]
    score = 3 * _shared(line.text, story) + (1.0 if 22 <= line.weight <= 200 else 0.0)
    score += {0: 0.0, 1: 2.0, 2: 1.0}.get(line.markup.level, 0.0)
    score -= 0.5 * (line.is_sentence and line.text[-1] in ".。;")
    if at == 0:
        score += 1.0 if lines[1:2] and lines[1].is_prose else 0.4
    score -= 0.08 * min(_bare_lines_after(lines, at), 12)
    if any(before.text.startswith(line.text) for before in lines[max(0, at - 30) : at]):
        score += 1
    if read_date(line.text) and line.weight < 40:
        score -= 2
    return score


def _bare_lines_after(lines: list[Line], at: int) -> int:
    """How many lines that say nothing by themselves stand before the next prose or label."""
    count = 0
    for line in lines[at + 1 : at + 14]:
        if line.is_prose or line.kind in {"published", "modified", "byline", "credit"}:
            break
        count += line.kind is None
    return count


def _shared(text: str, story: str) -> float:
    """The share of the words of ``text`` that the story uses too; pairs of letters in CJK."""
    found = [w for w in _WORD.findall(text.casefold()) if len(w) > 3 or w.isdigit()]
    if not text.isascii() and any("\u0e00" <= c <= "\u0eff" or c > "\u3040" for c in text):
        plain = normal(text).replace(" ", "")
        found = [plain[i : i + 2] for i in range(len(plain) - 1)]
    return sum(word[:7] in story for word in found) / len(found) if found else 0.0
