"""The story itself: which lines between the opening and the end of a text belong to it."""

from __future__ import annotations

import re

from service.article import (
    AnyBlock,
    Code,
    Figure,
    Heading,
    List,
    Paragraph,
    Quote,
    Related,
    Separator,
)
from service.extract.text.features import Sight
from service.extract.text.judge import story_of
from service.extract.text.lines import Line, is_noisy
from service.extract.text.opening import figure
from service.extract.text.wrapping import can_grow

HEADING_WEIGHT_MAX = 140
HEADING_WORDS_MAX = 18
RELATED_WEIGHT_MAX = 220
RELATED_MAX = 50
CAPTION_WEIGHT_MAX = 400
IDEOGRAPHS = 0x2E80
"""The first letter of scripts that set no blank between the names of a person."""
TAIL_SHARE_MAX = 0.25
"""A label such as *Related* ends the story if less of its prose than this comes after."""
_ENDS = frozenset({"related", "comments", "author_bio", "newsletter", "topics", "read_more"})
_SURE_ENDS = frozenset({"related", "comments"})
_SELLING = frozenset({"newsletter", "subscribe"})
_KEPT = {"correction": "correction", "update": "update"}


def is_told(line: Line) -> bool:
    """Whether a line is a sentence of a story rather than a label or a title."""
    return not line.kind and (line.is_prose or line.is_sentence)


def is_bare(line: Line) -> bool:
    """Whether a label stands alone, with nothing after its colon."""
    return not any(mark in line.text.strip(" :：") for mark in ":：")


class Story:
    """The lines of a text from the first of its story on."""

    def __init__(
        self, lines: list[Line], start: int, headline: int | None, sight: Sight | None
    ) -> None:
        self.lines = lines[start:]
        self.noisy = is_noisy(lines)
        self.end = self._end()
        self.told: list[bool] | None = None
        if sight is not None:
            told = story_of(sight, headline, start, self._ruled())
            self.told = [is_told and not self._is_sold(at) for at, is_told in enumerate(told)]
            self.end = _after_last(self.told)
            while self.end and self._is_biography(self.end - 1):
                self.told[self.end - 1] = False
                self.end = _after_last(self.told)
            while 0 < self.end < len(self.lines) and _is_captioned(self.lines[self.end]):
                self.end += 1  # the last picture's

    def _end(self) -> int:
        """The index after the last line of the story."""
        told = [line.weight if is_told(line) else 0 for line in self.lines]
        total, before = sum(told), 0
        end = len(self.lines)
        for at, line in enumerate(self.lines):
            before += told[at]
            if line.kind not in _ENDS or not before or total - before > TAIL_SHARE_MAX * before:
                continue
            if total == before or (line.kind in _SURE_ENDS and is_bare(line)):
                end = at
                break
        while end and self.noisy and not self._closes(self.lines[end - 1]):
            end -= 1
        return end

    def _ruled(self) -> list[bool]:
        """For every line, whether the rules alone would take it."""
        builder = _Builder(self.lines, self.noisy)
        return [
            at < self.end and (builder.is_heading(at) or not builder.is_stray(at))
            for at in range(len(self.lines))
        ]

    def _is_sold(self, at: int) -> bool:
        """Whether a short line stands between two labels of a newsletter: ``Free, every day.``"""
        beside = self.lines[max(0, at - 1) : at] + self.lines[at + 1 : at + 2]
        is_short = self.lines[at].weight <= HEADING_WEIGHT_MAX
        return is_short and len(beside) == 2 and all(line.kind in _SELLING for line in beside)

    def _is_biography(self, at: int) -> bool:
        """Whether a line goes on from a name that stands alone above it: *Ann Lee* and *Ann Lee is
        a reporter*."""
        name = self.lines[at - 1] if at and not (self.told and self.told[at - 1]) else None
        is_short = name is not None and 0 < name.weight <= HEADING_WEIGHT_MAX
        return bool(name and is_short and self.lines[at].text.startswith(f"{name.text} "))

    def _closes(self, line: Line) -> bool:
        """Whether a story can end with this line."""
        if line.kind:
            return line.kind in _KEPT
        return line.is_prose or line.is_sentence or line.markup.mark in {"item", "ordered", "code"}

    def related(self) -> list[Related]:
        """The titles under labels such as *Read also*, in the story and after it, each once."""
        found: dict[str, Related] = {}
        wanted = False
        for at, line in enumerate(self.lines):
            if line.kind in {"related", "read_more"} and not is_bare(line):
                title = re.split("[:：]", line.text, maxsplit=1)[1].strip()
                found.setdefault(title, Related(title=title))
            if line.kind:
                wanted = line.kind in {"related", "read_more"} and is_bare(line)
            elif line.is_prose and (at < self.end or line.text[-1] in ".。"):
                wanted = wanted and at > self.end
            elif wanted and 15 <= line.weight <= RELATED_WEIGHT_MAX and "©" not in line.text:
                href = next((span.href for span in line.markup.spans if span.href), None)
                found.setdefault(line.text, Related(title=line.text, url=href))
        return list(found.values())[:RELATED_MAX]

    def blocks(self, headline: str | None, standfirst: str | None = None) -> list[AnyBlock]:
        """The body, without labels, repetitions and the titles of other stories."""
        dropped = {related.title for related in self.related()}
        seen = {headline or "", standfirst or ""}
        longer = [line.text for line in self.lines[: self.end] if line.weight > 120]
        kept: list[Line] = []
        for at, line in enumerate(self.lines[: self.end]):
            if line.text in dropped or (line.kind and line.kind not in {*_KEPT, "credit"}):
                continue
            if self.told is not None and not self.told[at] and caption_of(line) is None:
                continue
            if line.markup.mark in {"rule", "code"}:
                kept.append(line)
            elif line.text not in seen and not _is_pulled(line, longer):
                kept.append(line)
                seen.add(line.text) if line.weight > 25 else None
        return _Builder(kept, self.noisy and self.told is None).run()


def _after_last(told: list[bool]) -> int:
    """The index after the last line that is told."""
    return len(told) - told[::-1].index(True) if any(told) else 0


def _is_pulled(line: Line, longer: list[str]) -> bool:
    """Whether a quotation repeats words of a paragraph, as pull quotes do."""
    if not 30 <= line.weight <= 300 or line.markup.mark in {"heading", "item", "ordered"}:
        return False
    bare = line.text.strip(" \"'“”«»„‘’.")
    return any(bare in text and len(text) > len(line.text) + 40 for text in longer[:400])


class _Builder:
    """Makes blocks of the lines that were kept."""

    def __init__(self, lines: list[Line], noisy: bool) -> None:
        self.lines = lines
        self.noisy = noisy
        self.blocks: list[AnyBlock] = []
        self.quoted = False

    def run(self) -> list[AnyBlock]:
        for at in range(len(self.lines)):
            self.add(at)
        while self.blocks and isinstance(self.blocks[-1], Heading | Separator):
            self.blocks.pop()
        return self.blocks

    def add(self, at: int) -> None:
        line = self.lines[at]
        mark = line.markup.mark
        if mark == "code":
            self.blocks.append(Code(text=line.text))
        elif mark == "rule":
            self.separate()
        elif mark == "image":
            self.blocks.append(figure(line))
        elif mark in {"item", "ordered"} and self.is_listed(at):
            self.item(line)
        elif mark == "quote":
            self.quote(line, at)
        elif found := caption_of(line):
            self.blocks.append(found)
        elif mark == "heading" or self.is_heading(at):
            self.blocks.append(heading(line))
        elif line.kind != "credit" and not (self.noisy and self.is_stray(at)):
            self.blocks.append(paragraph(line))

    def separate(self) -> None:
        if self.blocks and not isinstance(self.blocks[-1], Separator):
            self.blocks.append(Separator())

    def is_listed(self, at: int) -> bool:
        """Whether a marked line has another beside it; alone it is a line of dialogue."""
        near = self.lines[max(0, at - 1) : at] + self.lines[at + 1 : at + 2]
        return any(line.markup.mark in {"item", "ordered"} for line in near)

    def item(self, line: Line) -> None:
        ordered = line.markup.mark == "ordered"
        above = self.blocks[-1] if self.blocks else None
        if not isinstance(above, List) or above.ordered != ordered:
            above = List(items=[], ordered=ordered, start=line.markup.level if ordered else 1)
            self.blocks.append(above)
        above.items.append([paragraph(line)])

    def quote(self, line: Line, at: int) -> None:
        above = self.blocks[-1] if self.blocks else None
        if isinstance(above, Quote) and self.lines[at - 1].markup.mark == "quote":
            last = above.blocks[-1]
            is_near = self.lines[at - 1].group == line.group
            if is_near and isinstance(last, Paragraph) and can_grow(last.text):
                last.text += f" {line.text}"
                last.spans = []
                return
            above.blocks.append(paragraph(line))
        else:
            self.blocks.append(Quote(blocks=[paragraph(line)]))

    def is_heading(self, at: int) -> bool:
        """Whether a line stands over the story's next part: short, no sentence, prose below."""
        line = self.lines[at]
        if line.markup.mark or line.weight > HEADING_WEIGHT_MAX or line.weight < 3:
            return False
        if line.text[-1] in ".!…。！:;,：，؛،" or len(line.text.split()) > HEADING_WORDS_MAX:
            return False
        if not line.text[0].isalnum() and line.text[0] not in "\"“«„¿¡'‘「『#":
            return False
        if line.text[0].islower() or (line.is_sentence and line.text[-1] not in "?？؟"):
            return False
        below = self.lines[at + 1] if at + 1 < len(self.lines) else None
        return below is not None and (below.is_prose or below.is_sentence) and self.is_apart(at)

    def is_apart(self, at: int) -> bool:
        """Whether blank lines, or the full lines around it, part a line from the next."""
        line, below = self.lines[at], self.lines[at + 1]
        return line.group != below.group or below.weight >= 100

    def is_stray(self, at: int) -> bool:
        """Whether a short line of a dumped page is neither sentence nor anything of the story."""
        line = self.lines[at]
        return (
            not (line.is_sentence or line.is_prose or line.markup.mark)
            and line.text[-1] not in ":："
        )


def _is_captioned(line: Line) -> bool:
    found = caption_of(line)
    return found is not None and found.caption is not None


def caption_of(line: Line) -> Figure | None:
    """The figure that a line with a credit stands for."""
    if line.weight > CAPTION_WEIGHT_MAX or line.markup.mark or line.kind not in {None, "credit"}:
        return None
    split = line.split
    credit = split.credit
    sure = line.kind == "credit" or split.copyright_notice is not None
    sure = sure or (credit is not None and (credit.photographer or "").count(" ") > 0)
    sure = sure or (credit is not None and ord(max(credit.text)) >= IDEOGRAPHS)
    if not (sure and (credit or split.copyright_notice)):
        return None
    return Figure(caption=split.caption, credit=credit, copyright_notice=split.copyright_notice)


def heading(line: Line) -> Heading:
    level = max(2, line.markup.level) if line.markup.mark == "heading" else 2
    return Heading(text=line.text, level=level, spans=list(line.markup.spans))


def paragraph(line: Line) -> Paragraph:
    found = Paragraph(text=line.text, spans=list(line.markup.spans))
    if line.kind == "correction":
        found.role = "correction"
    elif line.kind == "update":
        found.role = "update"
    return found
