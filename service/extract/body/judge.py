"""Line by line: what of the page is the story, and why the rest is not."""

from __future__ import annotations

import re

from service.extract.body.alike import UNLIKELY, take_back
from service.extract.body.classify import THRESHOLD, is_likely
from service.extract.body.container import is_monotonous
from service.extract.body.context import Context
from service.extract.body.doubled import drop_headline, drop_pull_quotes, drop_repeated
from service.extract.body.features import vector
from service.extract.body.lines import Line
from service.extract.body.signs import Sign, says_caption
from service.extract.document import Document, Node
from service.extract.metadata.dates import read_date
from service.extract.vocabulary import kind_of

PAST_LINES = 3
"""So far after the story's last prose, nothing outside its element is part of it."""
QUOTED_THRESHOLD = 0.1
EASE = 0.6
"""Where nothing at all would be kept, lines need only this part of the usual probability."""
LINKED_SHARE = 0.95
CAPITALS_CHARS_MIN = 12
LABEL_CHARS_MAX = 80
DATE_CHARS_MAX, BESIDE_DATE_CHARS_MAX = 50, 14
BUTTONS_CHARS_MAX, BUTTONS_MIN = 200, 2
"""A short list of links with so many labels among them is a row of buttons."""
CAPTION_CHARS_MAX = 600
CAPTIONS_SHARE = 0.25
_CAPTIONS = frozenset({"figcaption", "figure"})
_SIGNS = re.compile(r"[\W_]{1,3}|[\s_=~*–—-]{8,}")
_NUMBERS = re.compile(r"1[\d\s]*")
"""The numbers of lines that highlighters set beside their code."""
_SHORTCODE = re.compile(
    r"\[[a-z_-]+ [a-z_-]+=[^\[\]]{1,200}\](?:[^\[\]]{0,80}\[/[a-z_-]+\])?|\[[A-Z]+(?:_[A-Z]+)+\]"
    r"|\$\$\w{3,40}\$\$|%%\w{3,40}%%|\{[{*%] ?[^{}]{1,80} ?[}*%]\}"
)
"""What the site should have replaced: ``[button link="…"]``, ``[CTA_MODULE]``, ``$$AD$$``,
``{{ name }}``, ``{* name *}``."""
_LINKED_LABELS = frozenset({
    "navigation", "credit", "share", "follow", "comments", "newsletter", "subscribe",
    "advertisement", "tools", "player", "loading", "consent",
})  # fmt: skip
_OPENING_LABELS = frozenset({"navigation", "read_more", "topics", "tools"})
_CLOSING_LABELS = frozenset({
    "rights", "disclaimer", "byline", "follow", "newsletter", "subscribe", "share", "comments",
    "topics", "related",
})  # fmt: skip
_FOREIGN_MEDIA = int(
    Sign.SHARE | Sign.RELATED | Sign.NEWSLETTER | Sign.PROMO | Sign.COMMENT | Sign.NAV
    | Sign.FOOTER | Sign.BIO | Sign.SIDE | Sign.CONSENT | Sign.TOOL
)  # fmt: skip


def judge(context: Context) -> list[str]:
    """For every line the reason to drop it, or an empty string."""
    reasons = [_reason(context, at, line, 1.0) for at, line in enumerate(context.lines)]
    if not any(line.text and not why for line, why in zip(context.lines, reasons, strict=True)):
        reasons = [_reason(context, at, line, EASE) for at, line in enumerate(context.lines)]
    take_back(context, reasons)
    _drop_labels(context, reasons)
    _drop_ends(context.lines, reasons)
    _drop_captions(context.lines, reasons)
    drop_headline(context, reasons)
    drop_repeated(context.lines, reasons)
    drop_pull_quotes(context.lines, reasons)
    _drop_media(context, reasons)
    _drop_idle_headings(context, reasons)
    return reasons


def _reason(context: Context, at: int, line: Line, ease: float) -> str:
    if line.kind in {"media", "separator"}:
        return ""
    if line.kind == "text" and (told := _is_told_otherwise(line)):
        return told
    if line.kind == "list" and "tablist" in line.node.hints:
        return "tabs"
    if line.kind == "code" and _NUMBERS.fullmatch(line.text):
        return "numbers"
    if context.far[at]:
        return "far"
    if ease == 1.0 and _is_past(context, at, line):
        return "past"
    enough = QUOTED_THRESHOLD if _is_quoted(context, line) else THRESHOLD
    return "" if is_likely(vector(context, at), enough * ease) else UNLIKELY


def _is_told_otherwise(line: Line) -> str:
    """The reason to drop a line that is no text of a story whatever stands around it.

    Captions of pictures that were not understood (none of 13 was gold, autumn 2026), the title of a
    page or drawing, links in capitals only (1 of 12), what holds no letter or digit, data that
    repeats itself.
    """
    if line.node.tag == "title":
        return "title"
    if line.node.tag in _CAPTIONS and line.quote is None:
        return "caption"
    if line.link_chars >= LINKED_SHARE * line.chars > CAPITALS_CHARS_MIN and line.text.isupper():
        return "linked capitals"
    if not line.text[0].isalnum():
        if _SIGNS.fullmatch(line.text):
            return "signs"
        if _SHORTCODE.fullmatch(line.text) and not _shows_code(line):
            return "shortcode"
    return "monotonous" if is_monotonous(line) else ""


def _shows_code(line: Line) -> bool:
    return any(isinstance(part, Node) and part.tag == "code" for part in (line.node, *line.run))


def _drop_captions(lines: list[Line], reasons: list[str]) -> None:
    """Drops lines that only their class tells from the story: captions of pictures that were not
    understood (4 of 28 were gold, autumn 2026); where they are much of it, pictures tell it."""
    kept = [line.chars if not why else 0 for line, why in zip(lines, reasons, strict=True)]
    found = [at for at, chars in enumerate(kept) if chars and _is_caption(lines[at])]
    if sum(kept[at] for at in found) <= CAPTIONS_SHARE * sum(kept):
        for at in found:
            reasons[at] = "caption"


def _is_caption(line: Line) -> bool:
    """Whether the class of a line, or of a small element around it, says that it is a caption."""
    node, around = line.node, line.node.parent
    if line.kind != "text" or line.quote is not None:
        return False
    if node.hints and says_caption(node.hints):
        return True
    is_small = around is not None and around.hints and around.chars <= CAPTION_CHARS_MAX
    return bool(is_small and around and says_caption(around.hints))


def _drop_labels(context: Context, reasons: list[str]) -> None:
    """Drops short credits, and labels that are links as a whole: none of 31 was gold, and 3 of 18
    credits without a link (lines kept on unseen sites, corpus of autumn 2026)."""
    for at, line in enumerate(context.lines):
        if reasons[at] or not 0 < line.chars <= BUTTONS_CHARS_MAX:
            continue
        if line.kind == "list" and line.link_chars > line.chars / 2:
            items = map(context.document.text, line.node.elements())
            if sum(kind_of(item) in _LINKED_LABELS for item in items) >= BUTTONS_MIN:
                reasons[at] = "buttons"
        elif line.kind == "text" and line.chars <= LABEL_CHARS_MAX:
            linked = line.link_chars >= LINKED_SHARE * line.chars
            label = kind_of(line.text)
            if label == "credit" or (linked and label in _LINKED_LABELS):
                reasons[at] = label
        if line.kind == "text" and not reasons[at] and _names_another(context.document, line):
            reasons[at] = "related"


def _drop_ends(lines: list[Line], reasons: list[str]) -> None:
    """Drops labels that begin or end the story: contents, notes of the original title and the date
    above; rights, disclaimers, editors, accounts to follow below (of 13 lines kept on the corpus of
    autumn 2026 2 were gold, both a notice of rights)."""
    kept = [at for at, why in enumerate(reasons) if not why and lines[at].text]
    _drop_date(lines, reasons, kept)
    for order, labels in ((kept, _OPENING_LABELS), (reversed(kept), _CLOSING_LABELS)):
        for at in order:
            is_label = lines[at].kind in {"text", "heading"} and kind_of(lines[at].text) in labels
            if not is_label:
                break
            reasons[at] = "label at an end"


def _drop_date(lines: list[Line], reasons: list[str], kept: list[int]) -> None:
    """Drops a first line that is nothing but a date, unless further ones head parts."""
    if not kept or not _is_date(lines[kept[0]]):
        return
    headings = (at for at in kept[1:] if lines[at].kind == lines[kept[0]].kind == "heading")
    if not any(_is_date(lines[at]) for at in headings):
        reasons[kept[0]] = "date"
        del kept[0]


def _is_date(line: Line) -> bool:
    """Whether a line is a day, perhaps with its name, a time and a word or two."""
    if line.kind not in {"text", "heading"} or line.chars > DATE_CHARS_MAX:
        return False
    moment = read_date(line.text) if any(map(str.isdigit, line.text)) else None
    if moment is None or moment.precision == "month":
        return False
    return line.chars - (moment.last - moment.first) <= BESIDE_DATE_CHARS_MAX


def _names_another(document: Document, line: Line) -> bool:
    """Whether a line is a label and, as a link, the title of another story: ``Read more: …``."""
    label, _, title = line.text.replace("：", ":").partition(":")
    whole = len(title.strip())
    if not whole or line.link_chars < LINKED_SHARE * whole:
        return False
    if kind_of(label) not in {"related", "read_more"}:
        return False
    return LINKED_SHARE * whole <= len(_linked(document, line)) <= whole + 1


def _linked(document: Document, line: Line) -> str:
    """The text of the links in a line, as it is printed: the source may wrap or indent it."""
    if line.node.in_link:
        return line.text
    parts = [part for part in line.run if isinstance(part, Node)]
    links = [a for n in parts for a in ([n] if n.tag == "a" else document.within(n, "a"))]
    return " ".join(map(document.text, links))


def _is_past(context: Context, at: int, line: Line) -> bool:
    """True for what the model never takes: links outside the story, and labels well after it.

    A seventh of all lines that are not far (46,902 lines of 717 pages, corpus of autumn 2026).
    """
    if context.container.index <= line.index < context.container.end:
        return False
    is_after = at - context.last > PAST_LINES and not context.prose[at]
    return is_after or line.link_chars * 2 >= line.chars


def _is_quoted(context: Context, line: Line) -> bool:
    """True for words in a quotation inside the story: they often stand in boxes of their own."""
    inside = context.container.index <= line.index < context.container.end
    return line.quote is not None and inside and line.link_chars * 2 < line.chars


def _drop_media(context: Context, reasons: list[str]) -> None:
    """Keeps figures only among the story's lines, and not in what is foreign to it."""
    lines = context.lines
    kept = [at for at, line in enumerate(lines) if not reasons[at] and line.text]
    first, last = (kept[0], kept[-1]) if kept else (0, -1)
    while kept and last + 1 < len(lines) and lines[last + 1].kind == "media":
        last += 1  # a story may end with the posts and pictures that it tells of
    for at, line in enumerate(lines):
        if line.kind not in {"media", "separator"}:
            continue
        inside = context.container.index <= line.index < context.container.end
        if not inside or not (first <= at <= last or (line.kind == "media" and at < first)):
            reasons[at] = "outside"
        elif line.signs & ~context.outer & _FOREIGN_MEDIA and not _is_among(lines, reasons, at):
            reasons[at] = "foreign"


def _is_among(lines: list[Line], reasons: list[str], at: int) -> bool:
    """Whether the lines of text just before and just after a figure are both of the story."""
    for step in (-1, 1):
        beside = at + step
        while 0 <= beside < len(lines) and lines[beside].kind in {"media", "separator"}:
            beside += step
        if not 0 <= beside < len(lines) or reasons[beside]:
            return False
    return True


def _drop_idle_headings(context: Context, reasons: list[str]) -> None:
    """Drops headings that nothing kept follows, and those of links that were not kept."""
    lines = context.lines
    followed = False
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if reasons[at] or line.kind == "separator":
            continue
        if line.kind == "heading":
            if not followed or _heads_dropped_links(context, reasons, at):
                reasons[at] = "idle heading"
            continue
        followed = True


def _heads_dropped_links(context: Context, reasons: list[str], at: int) -> bool:
    """Whether a heading is a label over dropped links (0 of 2 were gold), or is over dropped links
    to parts of the page: a table of contents."""
    lines = context.lines
    below = lines[at + 1] if at + 1 < len(lines) and reasons[at + 1] else None
    if below is None or below.link_chars * 2 < below.chars:
        return False
    if below.chars and kind_of(lines[at].text) is not None:
        return True
    links = [link for part in below.run for link in _links(context.document, part)]
    return len(links) > 1 and all(link.get("href").startswith("#") for link in links)


def _links(document: Document, part: Node | str) -> list[Node]:
    """The links that a part of a line is, or holds."""
    if isinstance(part, str):
        return []
    return [part] if part.tag == "a" else document.within(part, "a")
