"""The learned judges of a dumped page's lines: the headline, the byline, the date, the story.

``benchmarks/extraction/train_text.py`` writes their models. A text without the noise of a page is
read by rules alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from service.extract.media.captions import split_caption
from service.extract.text.features import NAMES, Sight
from service.extract.text.lines import JUDGED_LINES_MAX, Line, is_noisy, main_run
from service.extract.text.wording import NOTED_WEIGHT_MAX
from service.extract.trees import Judge

HEADLINE = Judge(Path(__file__).with_name("headline.json"), NAMES)
BYLINE = Judge(Path(__file__).with_name("byline.json"), NAMES)
DATE = Judge(Path(__file__).with_name("date.json"), NAMES)
STORY = Judge(Path(__file__).with_name("story.json"), NAMES)
HEADLINE_WEIGHT_MIN, HEADLINE_WEIGHT_MAX = 4, 350
SHORT_LINES_MAX = 50
SURE = 0.02
LINES_BELOW_MAX = 40
"""So far below the first line of the story its headline may stand."""
NOTES_ABOVE_MAX, NOTES_BELOW_MAX, NOTES_BEHIND_MAX = 10, 30, 12
"""So far above and below the headline, and behind the story, a byline or a date may stand."""

Seen = list[tuple[int, list[float]]]
"""Lines by their indexes, each with its features."""


def sight_of(lines: Sequence[Line], address: str | None) -> Sight | None:
    """What the judges see of a text; None where it is read by rules alone."""
    is_judged = is_noisy(lines) and len(lines) <= JUDGED_LINES_MAX
    return Sight(lines, main_run(lines), address) if is_judged else None


def candidates(lines: Sequence[Line], run: tuple[int, int]) -> list[int]:
    """The lines that may be a headline; ``run`` is the first and last line of the story."""
    below = zip(lines[: run[0] + LINES_BELOW_MAX + 1], [*lines[1:], None], strict=False)
    return [at for at, (line, after) in enumerate(below) if _is_title(line, after)]


def _is_title(line: Line, after: Line | None) -> bool:
    """Whether it can be one; a caption that is printed again with its credit can not."""
    added = after.text.removeprefix(line.text) if after else ""
    if after and added != after.text and split_caption("", added.strip()).credit:
        return False
    return (
        line.kind is None
        and HEADLINE_WEIGHT_MIN <= line.weight <= HEADLINE_WEIGHT_MAX
        and line.split.credit is None
    )


def headline_of(sight: Sight) -> int | None:
    """The index of the headline; None where no line is likely to be it."""
    chosen = candidates(sight.lines, sight.run)
    best, at = max(
        ((HEADLINE.probability(sight.vector(at)), -at) for at in chosen), default=(0.0, 0)
    )
    return -at if best >= HEADLINE.threshold else None


def likely(asked: Judge, seen: Seen) -> list[tuple[int, float]]:
    """The lines of ``seen`` that ``asked``, the judge of bylines or of dates, takes, the likeliest
    first, each with its probability."""
    found = [(at, asked.probability(vector)) for at, vector in seen]
    taken = [each for each in found if each[1] >= asked.threshold]
    return sorted(taken, key=lambda each: -each[1])


def notes(sight: Sight) -> list[int]:
    """The lines that may be the byline or the date: short ones around the headline and the first
    line of the story, or behind the story."""
    first, last = sight.run
    top = first if sight.headline is None else sight.headline
    around = range(max(0, top - NOTES_ABOVE_MAX), max(top, first) + NOTES_BELOW_MAX)
    behind = range(max(around.stop, last + 1), last + 1 + NOTES_BEHIND_MAX)
    near = [at for at in around if min(abs(at - top), abs(at - first)) <= NOTES_BELOW_MAX]
    return [at for at in (*near, *behind) if at != sight.headline and _is_note(sight.lines, at)]


def _is_note(lines: Sequence[Line], at: int) -> bool:
    return at < len(lines) and lines[at].weight <= NOTED_WEIGHT_MAX and not lines[at].is_prose


def story_of(sight: Sight, headline: int | None, start: int, ruled: Sequence[bool]) -> list[bool]:
    """For every line from ``start`` on, whether it is told by the story.

    ``ruled`` are those that the rules take. A short text gives the judge little to go by: there it
    must be sure to drop what the rules take.
    """
    sight.look_from(headline)
    is_short = len(sight.lines) <= SHORT_LINES_MAX
    return [
        STORY.is_likely(sight.vector(start + at), SURE if taken and is_short else STORY.threshold)
        for at, taken in enumerate(ruled)
    ]
