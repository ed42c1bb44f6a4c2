"""The words printed with a picture or a player: which are its caption and which its credit."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from service.extract.document import INLINE, Document, Node
from service.extract.media.alone import is_credit_alone
from service.extract.media.captions import Split, is_credible, split_caption
from service.extract.media.credits import is_agency, is_label, is_person, signed_by
from service.extract.media.rights import CREDIT_CHARS_MAX
from service.extract.media.signs import Role, is_frame, role_of
from service.extract.metadata.dates import spans
from service.extract.vocabulary import kind_of

FRAME_CHARS_MAX = 1500
FRAME_NODES_MAX = 300
FRAME_LEVELS_MAX = 9
LOOSE_CHARS_MAX = 300
LOOSE_LINES_MAX = 2
LOOSE_IN_PARAGRAPH_MAX = 200
"""Text in a frame without a sign of its own is a caption only up to these lengths."""
NAME_CHARS_MAX = 40

_STOPS = frozenset({"body", "html", "main", "article", "ul", "ol", "nav"})
_MEDIA = re.compile(r"(?:^|\s)media(?:\s|--type)")
"""A publishing system sets a picture with its words in an ``article`` of this class."""
_CELLS = frozenset({"table", "tr", "td"})
CELLS_MAX = 4
_BESIDE_TEXT = re.compile(r"block-media-text(?:\s|$)")
"""A block of an editor that sets text of the story beside a picture."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SKIPPED = frozenset({
    "button", "svg", "script", "style", "label", "input", "select", "nav", "iframe", "video",
    "audio", "noscript", "template", "time", "form", "option", "textarea",
})  # fmt: skip
_ASIDE_WORDS = frozenset({"small", "cite"})
_SENTENCE_ENDS = frozenset('.!?)]»”"')
_WORD = re.compile(r"[^\W\d_]")
_NO_CAPTION = frozenset({"consent", "newsletter"})
"""Kinds of phrases that stand in the place of a film or beside a picture and say nothing of it."""
POINTER_CHARS_MAX = 30
_READING_TIME = re.compile(r"\b\d{1,3}\s?min\b", re.IGNORECASE)
_WRAPPED = re.compile(r"(?<=[\w,])\s*\n\s*(?=[^\W\d_A-Z])(?!(?:by|photo|foto|von|par|por|di)\b)")
"""Where the source goes on in the next line amid a sentence; other line ends may part a credit."""
_CLOCK = re.compile(r"\d[:.]\d\d")
_COUNT = re.compile(r"\d{1,3}\s?/\s?\d{1,3}|\d{1,3}\s\w{3,12}")
"""``1 / 12`` and ``44 Bilder``: how many pictures there are, not what one shows."""


@dataclass(slots=True)
class Words:
    """What is printed in a frame: lines by role, and the elements that hold them. ``loose`` is
    text without a sign, ``shown`` the index of the picture."""

    shown: int = -1
    caption: list[str] = field(default_factory=list)
    credit: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    signed_nodes: list[Node] = field(default_factory=list)
    loose_nodes: list[Node] = field(default_factory=list)

    @property
    def is_signed(self) -> bool:
        """Whether some part said by its markup that it is a caption or a credit."""
        return bool(self.caption or self.credit)

    @property
    def is_left(self) -> bool:
        """Whether there is loose text that says something."""
        return bool(_lines(self.loose))

    @property
    def is_short(self) -> bool:
        """Whether the loose text can be a caption: a line or two, and not a paragraph around the
        picture."""
        chars = sum(map(len, self.loose))
        if any(_READING_TIME.search(line) for line in self.loose):
            return False
        if any(node.tag == "p" and node.index < self.shown < node.end for node in self.loose_nodes):
            return chars <= LOOSE_IN_PARAGRAPH_MAX and len(self.loose) == 1
        return chars <= LOOSE_CHARS_MAX and len(self.loose) <= LOOSE_LINES_MAX

    def add(self, run: list[str], role: Role, node: Node) -> None:
        """Notes the lines of a run under its role."""
        text = "".join(run).strip()
        if not text:
            return
        (self.signed_nodes if role else self.loose_nodes).append(node)
        target = {"caption": self.caption, "credit": self.credit}.get(role, self.loose)
        target += [line for part in text.split("\n") if (line := " ".join(part.split()))]


class Frame:
    """The part of a page that shows one picture or player with its words."""

    __slots__ = ("figure", "node", "outer")

    def __init__(self, node: Node, outer: Node, figure: Node | None) -> None:
        self.node = node
        self.outer = outer
        self.figure = figure


class FrameReader:
    """Finds frames and reads their words; ``pictures`` are the indexes of all that are shown."""

    def __init__(self, document: Document, pictures: list[int]) -> None:
        self.document = document
        self.pictures = pictures

    def frame(self, node: Node) -> Frame:
        """The largest element around ``node`` that shows it alone, without headings or prose."""
        outer, figure = node, None
        for level, around in enumerate(node.ancestors()):
            if level >= FRAME_LEVELS_MAX or not self.is_within_frame(around, node):
                break
            if figure is not None and not is_frame(around.hints):
                break
            outer = around
            if around.tag == "figure" or (figure is None and "wp-caption" in around.hints):
                figure = around
        return Frame(node, outer, figure)

    def is_within_frame(self, around: Node, node: Node) -> bool:
        is_stop = around.tag in _STOPS and not _MEDIA.search(around.hints)
        if is_stop or around.chars > FRAME_CHARS_MAX or around.paragraphs > 2:
            return False
        if around.tag in _CELLS and not self.is_captioned(around):
            return False
        if around.hints and _BESIDE_TEXT.search(around.hints):
            return False
        if around.end - around.index > FRAME_NODES_MAX or self.shows_others(around, node):
            return False
        return around.tag == "figure" or all(
            heading.hidden or self.in_caption(heading, around)
            for heading in self.document.within(around, *_HEADINGS)
        )

    def is_captioned(self, part: Node) -> bool:
        """Whether the table around ``part`` sets a caption below a picture, as old editors do."""
        table = next((a for a in (part, *part.ancestors()) if a.tag == "table"), part)
        cells = self.document.within(table, "td")
        return len(cells) <= CELLS_MAX and any(role_of(c.hints) == "caption" for c in cells)

    def in_caption(self, node: Node, frame: Node) -> bool:
        """Whether a heading is only the caption of the frame: some pages print them so."""
        for around in node.ancestors():
            if around is frame:
                return False
            if around.tag == "figcaption" or role_of(around.hints) == "caption":
                return True
        return False

    def shows_others(self, around: Node, node: Node) -> bool:
        first = bisect_left(self.pictures, around.index)
        last = bisect_left(self.pictures, around.end)
        inner = bisect_left(self.pictures, node.end) - bisect_left(self.pictures, node.index)
        return last - first > inner

    def words(self, frame: Frame) -> Words:
        """What is printed in the frame, by its signs; loose text only inside a figure."""
        words = Words(frame.node.index)
        if frame.outer is not frame.node:
            self.read(frame.outer, "", words)
        return words

    def read(self, node: Node, role: Role, words: Words) -> None:
        """Adds the text inside ``node``; recursion is bounded by the frame's size."""
        run: list[str] = []
        self.gather(node, role, words, run)
        words.add(run, role, node)

    def gather(self, node: Node, role: Role, words: Words, run: list[str]) -> None:
        for child in node.children:
            if isinstance(child, str):
                run.append(_WRAPPED.sub(" ", child) if "\n" in child else child)
                continue
            shows = child.index < words.shown < child.end
            if child.hidden or (child.tag in _SKIPPED and not shows):
                continue
            if child.tag in _HEADINGS and not role:
                continue
            inner = self.role(child, role, bool(words.caption or (role and "".join(run).strip())))
            if inner == "skip":
                if not shows:
                    continue
                inner = role
            if inner == role and child.tag in INLINE:
                if role and child.tag == "span" and self.is_credit(child):
                    run.append("\n")
                    self.gather(child, role, words, run)
                    run.append("\n")
                    continue
                if child.tag == "span" and run and run[-1][-1:] in _SENTENCE_ENDS:
                    run.append(" ")
                self.gather(child, role, words, run)
            elif inner == role and child.tag == "br":
                run.append("\n")
            else:
                words.add(run, role, node)
                run.clear()
                self.read(child, inner, words)

    def is_credit(self, node: Node) -> bool:
        """Whether an element says by its own words alone who made the picture."""
        made_by = signed_by(self.document.text(node)) if node.chars <= CREDIT_CHARS_MAX else ""
        return bool(made_by) and is_credible(made_by)

    def is_maker(self, node: Node) -> bool:
        """Whether an element before a caption names a person and a house, or an agency."""
        text = self.document.text(node) if node.chars <= NAME_CHARS_MAX else ""
        return bool(text) and (is_agency(text) or is_credit_alone(text))

    def role(self, child: Node, around: Role, has_caption: bool) -> Role:
        own = role_of(child.hints) if child.hints else ""
        if child.tag == "figcaption" and own != "credit":
            return "caption"
        if (
            own == ""
            and child.tag in _ASIDE_WORDS
            and (has_caption or (around == "caption" and self.is_maker(child)))
        ):
            return "credit"
        return own or around


def read_words(words: Words, *, loose_counts: bool) -> tuple[Split, list[Node]]:
    """Caption, credit and rights of a frame's words, and the elements that they were read from.
    Loose text counts where it can be a caption and the frame is there to hold a picture."""
    caption, credit, nodes = _lines(words.caption), _lines(words.credit), words.signed_nodes
    loose = _lines(words.loose) if loose_counts and words.is_short else []
    if loose and not caption:
        caption, nodes = loose, nodes + words.loose_nodes
        if len(caption) == 2 and not credit and _is_name(caption[1]):
            caption, credit = caption[:1], caption[1:]
    elif len(loose) == 1 and not credit and _is_maker(loose[0]):
        credit, nodes = loose, nodes + words.loose_nodes
    text, made_by = "\n".join(caption), " / ".join(credit)
    if len(made_by) > CREDIT_CHARS_MAX:
        text, made_by = f"{text}\n{made_by}".strip(), ""
    split = split_caption(text, made_by or None)
    if split.caption and _says_nothing(split.caption):
        split = Split(None, split.credit, split.copyright_notice)
    return split, nodes


def _says_nothing(caption: str) -> bool:
    """Whether a caption has no word, is a time, asks for consent, or only leads on."""
    if not _WORD.search(caption):
        return True
    if _CLOCK.search(caption) and _is_date(caption):
        return True
    kind = kind_of(caption)
    return kind in _NO_CAPTION or (kind == "read_more" and len(caption) <= POINTER_CHARS_MAX)


def _is_date(caption: str) -> bool:
    """Whether a caption says no more than when: ``15 August 2016, 13:43``."""
    for start, end in reversed([*spans(caption)]):
        caption = f"{caption[:start]} {caption[end:]}"
    return not _WORD.search(caption)


def _is_maker(line: str) -> bool:
    """Whether a line without a sign, beside a caption with one, says who made the picture."""
    return is_agency(line) or is_person(line) or split_caption(line).caption is None


def _is_name(line: str) -> bool:
    """Whether the second of two lines is who made the picture, not a second sentence."""
    return len(line) <= NAME_CHARS_MAX and line[-1] not in ".!?:" and is_credible(line)


def _lines(lines: list[str]) -> list[str]:
    """Each line once: none that another one begins or ends with, none that is only a label."""
    kept: list[str] = []
    for line in lines:
        folded = line.casefold()
        if is_label(line) or not _WORD.search(line) or _COUNT.fullmatch(line):
            continue
        if any(folded in other.casefold() for other in kept):
            continue
        kept = [other for other in kept if other.casefold() not in folded]
        kept.append(line)
    return kept
