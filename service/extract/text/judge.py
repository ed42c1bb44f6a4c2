"""The learned judges of a dumped page's lines: which is the headline, which are the story.

``benchmarks/extraction/train_text.py`` writes their models. A text without the noise of a page is
read by rules alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from service.extract.media.captions import split_caption
from service.extract.text.features import NAMES, Sight
from service.extract.text.lines import JUDGED_LINES_MAX, Line, is_noisy, main_run
from service.extract.trees import Judge

HEADLINE = Judge(Path(__file__).with_name("headline.json"), NAMES)
STORY = Judge(Path(__file__).with_name("story.json"), NAMES)
HEADLINE_WEIGHT_MIN, HEADLINE_WEIGHT_MAX = 4, 350
SHORT_LINES_MAX = 50
SURE = 0.02
LINES_BELOW_MAX = 40
"""So far below the first line of the story its headline may stand."""


def sight_of(lines: Sequence[Line]) -> Sight | None:
    """What the judges see of a text; None where it is read by rules alone."""
    is_judged = is_noisy(lines) and len(lines) <= JUDGED_LINES_MAX
    return Sight(lines, main_run(lines)) if is_judged else None


def candidates(lines: Sequence[Line], run: tuple[int, int]) -> list[int]:
    """The lines that may be a headline; ``run`` is the first and last line of the story."""
    return [at for at, line in enumerate(lines[: run[0] + LINES_BELOW_MAX + 1]) if _is_title(line)]


def _is_title(line: Line) -> bool:
    return (
        line.kind is None
        and HEADLINE_WEIGHT_MIN <= line.weight <= HEADLINE_WEIGHT_MAX
        and split_caption(line.text).credit is None
    )


def headline_of(sight: Sight) -> int | None:
    """The index of the headline; None where no line is likely to be it."""
    chosen = candidates(sight.lines, sight.run)
    likely = [(HEADLINE.probability(sight.vector(at)), -at) for at in chosen]
    best, at = max(likely, default=(0.0, 0))
    return -at if best >= HEADLINE.threshold else None


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
