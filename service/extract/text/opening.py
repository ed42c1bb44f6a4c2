"""Above the story: which line under the headline is a caption, a byline, a date or a standfirst."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from service.article import Figure, Image, Timestamp
from service.extract.media.captions import Split, split_caption
from service.extract.media.rights import CREDIT_CHARS_MAX
from service.extract.metadata.dates.text import Moment, read_date
from service.extract.metadata.people import Person, label_at_start, people
from service.extract.text.features import Sight
from service.extract.text.headline import ruled_headline, same_line
from service.extract.text.judge import headline_of
from service.extract.text.lines import Line, is_noisy
from service.extract.vocabulary import kind_of

BYLINE_WEIGHT_MAX = 120
CAPTION_WEIGHT_MAX = 600
DATE_WEIGHT_MAX = 110
STANDFIRST_WEIGHT_MIN = 40
_BETWEEN = frozenset({"subscribe", "reading_time"})
_STAMPS = ("published", "modified")


@dataclass
class Opening:
    """What was read above the story; ``at`` is the index of the headline, where it is printed, and
    ``start`` that of the story's first line."""

    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    people: list[Person] = field(default_factory=list)
    published: Timestamp = field(default_factory=Timestamp)
    modified: Timestamp = field(default_factory=Timestamp)
    figures: list[Figure] = field(default_factory=list)
    at: int | None = None
    start: int = 0


def read_opening(
    lines: list[Line], language: str, headline: str | None, sight: Sight | None
) -> Opening:
    """The headline and the lines under it, up to the first paragraph of the story."""
    if headline is None:
        at = headline_of(sight) if sight else ruled_headline(lines)
    else:
        at = same_line(lines, headline)
    opening = Opening(headline=headline or (lines[at].text if at is not None else None), at=at)
    opening.start = Reader(lines, language, opening).read((-1 if at is None else at) + 1)
    return opening


def _is_emphasised(line: Line) -> bool:
    """Whether all of a line is bold or slanted."""
    return bool(line.markup.spans) and all(span.marks for span in line.markup.spans)


class Reader:
    """Reads the lines under a headline one by one until the story begins."""

    def __init__(self, lines: list[Line], language: str, opening: Opening) -> None:
        self.lines = lines
        self.language = language
        self.opening = opening
        self.furnished = False
        self.noisy = is_noisy(lines)

    def read(self, at: int) -> int:
        """The index of the first line of the story."""
        while at < len(self.lines):
            line = self.lines[at]
            if line.text == self.opening.headline or (line.kind and not self.stamp(line)):
                self.furnished = True
                self.label(at)
            elif not (line.kind or self.person(at) or self.stamp(line) or self.caption(at)):
                part = self.part(at)
                if part == "story":
                    return at
                if part == "standfirst":
                    self.opening.standfirst = line.text
            at += 1
        return at

    def label(self, at: int) -> None:
        """Keeps what a labelled line says: a credit, or who wrote the text."""
        line = self.lines[at]
        if line.kind == "credit" and line.weight <= CAPTION_WEIGHT_MAX:
            self.credit(line.text)
        elif line.kind == "byline" and not self.opening.byline:
            self.name(line, self.lines[at + 1] if at + 1 < len(self.lines) else None)

    def name(self, line: Line, below: Line | None) -> None:
        """Takes the names after a label such as ``Author:``, or those in the line below."""
        rest = label_at_start(line.text)[1] or line.text.partition(":")[2]
        if found := self.people(rest):
            self.opening.byline, self.opening.people = line.text, found
        elif below and self.is_name(below.text):
            self.opening.byline = f"{line.text} {below.text}"
            self.opening.people = self.people(below.text)

    def part(self, at: int) -> Literal["story", "standfirst", ""]:
        """Whether the story begins with a line, or it is the standfirst, or nothing of both."""
        line = self.lines[at]
        told = line.is_prose or line.is_sentence
        if line.markup.mark in {"item", "ordered", "quote", "code", "heading"}:
            return "story"
        if line.weight < STANDFIRST_WEIGHT_MIN or self.opening.standfirst:
            return "story" if told or not self.noisy else ""
        if self.opening.headline is None:
            return "story"
        if not told:
            return "standfirst"
        between = self.between(at)
        marked = between & {"byline", "date"} or (between and self.furnished)
        return "standfirst" if marked or _is_emphasised(line) else "story"

    def between(self, at: int) -> set[str]:
        """What is printed between a line and the next line of the story."""
        found: set[str] = set()
        for after in range(at + 1, min(at + 12, len(self.lines))):
            line = self.lines[after]
            if line.kind in {"related", "read_more", "topics"}:
                break
            if line.kind:
                found.add("date" if line.kind in _STAMPS else line.kind)
            elif self.is_person(after):
                found.add("byline")
            elif self.moment(line):
                found.add("date")
            elif line.is_prose or line.markup.mark:
                break
        return found

    def moment(self, line: Line) -> Moment | None:
        """The date that a line prints, if it prints little else."""
        if line.weight > DATE_WEIGHT_MAX:
            return None
        found = read_date(line.text, self.language)
        if found is None or line.kind in _STAMPS:
            return found
        rest = line.text[: found.start] + line.text[found.end :]
        return found if sum(c.isalpha() for c in rest) <= 24 else None

    def stamp(self, line: Line) -> bool:
        """Keeps a date, or the label of one that is not printed."""
        moment = self.moment(line)
        if line.kind not in _STAMPS and not moment:
            return False
        label = line.kind or kind_of(line.text[: moment.start] if moment else "")
        name = "modified" if label == "modified" else "published"
        kept: Timestamp = getattr(self.opening, name)
        if moment and kept.at is None:
            raw = line.text if kept.raw is None else f"{kept.raw} {line.text}"
            stamp = Timestamp(at=moment.at, raw=raw, precision=moment.precision, source="text")
            setattr(self.opening, name, stamp)
        elif not moment and kept.raw is None:
            setattr(self.opening, name, Timestamp(raw=line.text, source="text"))
        return True

    def is_person(self, at: int) -> bool:
        """Whether a line is a byline: labelled, or a name beside a date."""
        line = self.lines[at]
        if line.weight > BYLINE_WEIGHT_MAX or line.markup.mark or line.kind:
            return False
        label, rest = label_at_start(line.text)
        if label and rest:
            return bool(self.people(rest))
        above = self.beside(at, -1)
        beside = self.beside(at, 1) + above
        marked = any(self.is_dated(near) for near in beside) or (
            bool(above) and above[0].text.endswith((":", "："))
        )
        return marked and not line.is_sentence and self.is_name(line.text)

    def beside(self, at: int, step: int) -> list[Line]:
        """The line above or below, and the one behind it where that is what papers set between
        date and name: for whom the page is, how long it takes."""
        found: list[Line] = []
        for near in (at + step, at + 2 * step):
            if 0 <= near < len(self.lines) and (not found or found[0].kind in _BETWEEN):
                found.append(self.lines[near])
        return found

    def is_dated(self, line: Line) -> bool:
        """Whether a line is a date, or opens with the label of one: ``Published 3 hours ago``."""
        opens = kind_of(line.text.split(" ", 1)[0]) in _STAMPS
        return opens or line.kind in _STAMPS or self.moment(line) is not None

    def people(self, text: str) -> list[Person]:
        return people(text, self.language, declared=False)

    def is_name(self, text: str) -> bool:
        found = self.people(text)
        return 0 < sum(len(person.name) + 6 for person in found) >= len(text) + 3

    def person(self, at: int) -> bool:
        """Keeps a byline; a label alone takes the next line as its name."""
        if self.opening.byline or not self.is_person(at):
            return False
        text = self.lines[at].text
        label, rest = label_at_start(text)
        self.opening.byline = text
        self.opening.people = self.people(rest if label else text)
        moment = read_date(text, self.language)
        if moment and self.opening.published.at is None:
            self.opening.published = Timestamp(
                at=moment.at, raw=text, precision=moment.precision, source="text"
            )
        return True

    def caption(self, at: int) -> bool:
        """Keeps a line as a caption, or as the credit of the one above."""
        line = self.lines[at]
        if line.markup.mark == "image":
            self.opening.figures.append(figure(line))
            return True
        if line.weight > CAPTION_WEIGHT_MAX or line.markup.mark:
            return False
        split = line.split
        if rest := self.completed(line.text):
            return self.credit(rest)
        if self.repeated(at):
            self.add(split if split.caption else Split(line.text, None, None))
            return True
        credited = split.credit is not None or split.copyright_notice is not None
        if credited and split.caption is None:
            return self.credit(line.text)
        if credited and split.caption and self.is_before_story(at):
            self.add(split)
            return True
        return False

    def completed(self, text: str) -> str:
        """What a line adds to the caption above that it opens with: its credit."""
        caption = self.opening.figures[-1].caption if self.opening.figures else None
        rest = text.removeprefix(caption) if caption else text
        return rest.strip() if rest != text and len(rest) <= CREDIT_CHARS_MAX else ""

    def repeated(self, at: int) -> bool:
        """Whether a line opens one of the next, as captions printed with and without credit do."""
        text = self.lines[at].text
        near = self.lines[at + 1 : at + 4]
        return len(text) > 20 and any(line.text.startswith(text) for line in near)

    def is_before_story(self, at: int) -> bool:
        return any(line.is_prose for line in self.lines[at + 1 : at + 12])

    def add(self, split: Split) -> None:
        """Adds a figure, or completes the one above if it has the same caption, or none and the
        same credit."""
        above = self.opening.figures[-1] if self.opening.figures else None
        if above and not above.caption and above.credit in (None, split.credit):
            above.caption = split.caption
        if above is None or (above.caption or "") != (split.caption or ""):
            above = Figure()
            self.opening.figures.append(above)
        above.caption = split.caption or above.caption
        above.credit = split.credit or above.credit
        above.copyright_notice = split.copyright_notice or above.copyright_notice

    def credit(self, text: str) -> bool:
        split = split_caption("", text)
        if not (split.credit or split.copyright_notice):
            return True
        if not self.opening.figures:
            self.opening.figures.append(Figure())
        above = self.opening.figures[-1]
        above.credit = above.credit or split.credit
        above.copyright_notice = above.copyright_notice or split.copyright_notice
        return True


def figure(line: Line) -> Figure:
    """The figure that an image of Markdown stands for."""
    split = line.split
    image = Image(src=line.markup.href) if line.markup.href else None
    return Figure(
        image=image,
        caption=split.caption,
        credit=split.credit,
        copyright_notice=split.copyright_notice,
    )
