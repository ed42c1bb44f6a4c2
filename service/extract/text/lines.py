"""A text as lines: white space settled, hard-wrapped lines joined, each line with its features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from service.extract.language import weight
from service.extract.media.captions import Split, split_caption
from service.extract.text.markup import Markup, read_markup
from service.extract.text.wrapping import CLOSERS, TERMINALS, Printed, unwrapped, without_numbers
from service.extract.vocabulary import kind_of

LINES_MAX = 100_000
LABEL_WEIGHT_MAX = 70
"""A heavier line is a label only where its kind is one of ``_SURE``, or it is no sentence."""

GAP_MAX = 6
"""So many lines that are no prose and no labels part one run of prose from the next."""

NOISY_LABELS_MIN = 2
"""With so many labels a text is a page's dump: its short lines are not trusted."""
NOISY_LINES_MIN = 12
JUDGED_LINES_MAX = 5_000
"""Of a longer text nobody asks the learned judges."""

_SURE = frozenset({
    "advertisement", "consent", "newsletter", "subscribe", "embed", "share", "comments", "rights",
    "disclaimer", "correction", "update", "player", "credit",
})  # fmt: skip


@dataclass
class Line:
    """One line or joined paragraph with what its wording shows."""

    markup: Markup
    group: int
    kind: str | None = None
    weight: int = 0
    """Characters, those of scripts without blanks counted three times."""

    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.markup.text
        self.weight = weight(self.text)
        if self.markup.mark not in {"code", "image"}:
            self.kind = label_kind(self.text, self.weight, self.is_sentence)

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does, closing quotes and brackets aside."""
        bare = self.text.rstrip(CLOSERS)
        return bool(bare) and bare[-1] in TERMINALS

    @cached_property
    def split(self) -> Split:
        """Its caption, credit and rights, read as those of a picture."""
        return split_caption(self.text)

    @cached_property
    def is_prose(self) -> bool:
        """Whether it is running text by itself, wherever it stands."""
        if self.kind or self.markup.mark in {"heading", "image", "code", "rule"}:
            return False
        return self.weight >= (80 if self.is_sentence else 160)


def label_kind(text: str, heavy: int, is_sentence: bool) -> str | None:
    """The kind of label that ``text`` is; None for a sentence that only opens like one."""
    kind = kind_of(text)
    if kind is None or heavy <= LABEL_WEIGHT_MAX or kind in _SURE:
        return kind
    return None if is_sentence and kind != "read_more" else kind


def is_noisy(lines: Sequence[Line]) -> bool:
    """Whether a text is the dump of a page: with its labels, or with one among many short lines."""
    labels = sum(line.kind is not None for line in lines)
    bare = sum(not (line.is_sentence or line.is_prose or line.markup.mark) for line in lines)
    return labels >= NOISY_LABELS_MIN or (labels > 0 and bare * 2 > len(lines) > NOISY_LINES_MIN)


def main_run(lines: Sequence[Line]) -> tuple[int, int]:
    """The first and last line of the run of prose that weighs most; (0, -1) without prose."""
    best, run, gap = (0, 0, -1), (0, 0, -1), 0
    for at, line in enumerate(lines):
        if not line.is_prose:
            gap += not line.kind
            continue
        run = (
            (run[0] + line.weight, run[1], at)
            if run[0] and gap <= GAP_MAX
            else (line.weight, at, at)
        )
        best, gap = max(best, run, key=lambda each: each[0]), 0
    return best[1], best[2]


def read_lines(text: str) -> list[Line]:
    """The lines of ``text`` that print something, in order."""
    text = without_numbers(text)
    printed = _printed(text)
    markdown = is_markdown(text)
    lines = []
    for each in unwrapped(_fenced(printed)):
        markup = read_markup(each.text, markdown)
        if markup.text or markup.mark in {"rule", "image"}:
            lines.append(Line(markup, each.group))
    return _without_underlines(lines)


def is_markdown(text: str) -> bool:
    """Whether marks in ``text`` are markup rather than what its author wrote."""
    head = text[:50_000]
    return (
        "](" in head
        or "\n## " in head
        or head.startswith("# ")
        or "\n# " in head
        or "\n```" in head
    )


def _printed(text: str) -> list[Printed]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n\n").replace("\u00a0", " ").replace("\f", "\n")
    printed, group = [], 0
    for raw in text.split("\n", LINES_MAX)[:LINES_MAX]:
        bare = raw.strip(" \t\u200b\ufeff\u3000")
        if bare:
            printed.append(Printed(bare, group, len(raw) - len(raw.lstrip(" \t\u3000"))))
        elif printed and printed[-1].group == group:
            group += 1
    return printed


def _fenced(printed: list[Printed]) -> list[Printed]:
    """Fenced code as one line each, its line breaks kept."""
    found: list[Printed] = []
    code: list[str] = []
    for each in printed:
        fence = each.text.startswith("```")
        if code:
            code.append(" " * each.indent + each.text)
        else:
            found.append(each)
            code = [each.text] if fence and not each.text.endswith("```", 3) else []
        if len(code) > 1 and (fence or each is printed[-1]):
            found[-1].text, code = "\n".join(code), []
    return found


def _without_underlines(lines: list[Line]) -> list[Line]:
    """Lines of ``===`` or ``---`` make the line right above them a heading."""
    found: list[Line] = []
    for line in lines:
        if line.markup.mark != "rule" or not found or found[-1].group != line.group:
            found.append(line)
        elif not found[-1].is_prose and line.markup.level:
            above = found[-1].markup
            found[-1] = Line(above._replace(mark="heading", level=line.markup.level), line.group)
    return found
