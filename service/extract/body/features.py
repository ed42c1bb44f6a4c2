"""What is known of each line, as numbers: the same for every language, no names of sites.

``NAMES`` gives the order. Shares are of the prose of the container, sizes are binary logarithms of
characters, where one character of a script without spaces counts as three.
"""

from __future__ import annotations

from math import log2

from service.extract.body.context import Context
from service.extract.body.lines import Line
from service.extract.body.signs import Sign
from service.extract.body.wording import count_words

SHAPE = (
    "size", "free_size", "linked", "text", "heading", "code", "wrap", "h23",
)  # fmt: skip
WORDING = (
    "words", "word_size", "capitals", "ends", "stops", "title_share", "in_title",
    "named", "repeats",
)  # fmt: skip
LABELS = (
    "labelled", "related", "since_related", "since_selling", "since_comments", "since_bio",
)  # fmt: skip
KIN = (
    "parent_share", "grand_share", "great_share", "same_share", "same_linked", "same_count",
    "siblings_share", "parent_lines", "grand_lines", "parent_linked", "grand_linked",
    "branch_share", "branch_linked", "depth", "inside",
)  # fmt: skip
PLACE = (
    "after", "place", "since_prose", "until_prose", "prose_before", "prose_after",
    "near_prose", "previous_size", "next_size", "previous_linked", "next_linked", "run_linked",
    "h1_passed",
)  # fmt: skip
PAGE = ("page_prose", "prose_density", "lines")
_CHROME = int(
    Sign.SHARE | Sign.NAV | Sign.FOOTER | Sign.TOOL | Sign.FORM | Sign.CONSENT | Sign.NEWSLETTER
)
_BESIDE = int(Sign.RELATED | Sign.SIDE | Sign.PROMO | Sign.COMMENT | Sign.BIO)
_HEAD = int(Sign.BYLINE | Sign.TAGS | Sign.LABEL | Sign.HEAD)
_MASKS = (_CHROME, _BESIDE, _HEAD, int(Sign.CAPTION))
SIGNS = (
    "signed", "own_chrome", "own_beside", "own_head", "own_caption", "in_chrome", "in_beside",
    "in_head", "in_caption",
)  # fmt: skip
NAMES: tuple[str, ...] = SHAPE + WORDING + LABELS + KIN + PLACE + PAGE + SIGNS

_ENDS = frozenset(".!?…。！？।؟;»”\"'’)」』")
_STOPS = frozenset(".!?…。！？।؟")
_WRAPS = frozenset({"div", "section", "article", "td", "main", "center", "body", "dd"})
WORDS_CHARS_MAX = 600
FAR = 12.0


def vector(context: Context, at: int) -> list[float]:
    """The features of one line in the order of ``NAMES``."""
    line = context.lines[at]
    return [
        *_shape(line, context.scale),
        *_wording(context, line),
        *context.labels_at(at),
        *_kin(context, at, line),
        *_place(context, at),
        *context.page,
        *_signs(line, context.outer),
    ]


def _shape(line: Line, scale: float) -> tuple[float, ...]:
    chars, kind, tag = line.chars, line.kind, line.node.tag
    return (
        log2(1 + chars * scale),
        log2(1 + max(0, chars - line.link_chars) * scale),
        line.link_chars / (chars or 1),
        kind == "text", kind == "heading", kind == "code", tag in _WRAPS, tag in {"h2", "h3"},
    )  # fmt: skip


def _wording(context: Context, line: Line) -> tuple[float, ...]:
    text = line.text[:WORDS_CHARS_MAX]
    count, capitals = count_words(text)
    last = line.text[-1:] or " "
    return (
        log2(1 + count),
        min(20.0, len(text) / (count or 1)),
        capitals / (count or 1),
        last in _ENDS, last in _STOPS,
        *_said_before(context, text[:400].lower().split()),
        log2(context.counts[line.text]),
    )  # fmt: skip


def _said_before(context: Context, words: list[str]) -> tuple[float, float, float]:
    """How much of a line the titles say, how much of the headline it says, how many names."""
    said = context.said.intersection(words)
    if not said:
        return _UNSAID
    return (
        len(said & context.title) / len(set(words)),
        len(said & context.headline) / (len(context.headline) or 1),
        min(3.0, float(len(said & context.names))),
    )


_UNSAID = (0.0, 0.0, 0.0)


def _kin(context: Context, at: int, line: Line) -> tuple[float, ...]:
    node, total, container = line.node, context.total, context.container
    around = context.around(node.parent or node)
    same = context.same[at]
    branch = around.branch or node
    return (
        *around.shares,
        same[0] / total, same[2] / (same[1] or 1), log2(same[3]),
        (around.held - context.prose[at]) / total,
        *around.lines,
        context.amounts.held(branch) / total, branch.link_chars / (branch.chars or 1),
        min(FAR, max(-1.0, around.depth + 1 - context.container_depth)),
        container.index <= node.index < container.end,
    )  # fmt: skip


def _place(context: Context, at: int) -> tuple[float, ...]:
    first, last, sizes, linked = context.first, context.last, context.sizes, context.linked
    end = len(context.lines)
    before, after, soon = max(0, at - 1), min(at + 1, end - 1), min(at + 4, end)
    chars, link_chars = context.chars, context.link_chars
    sums, whole = context.sums, context.sums[-1] or 1.0
    return (
        min(20.0, max(0, at - last)),
        (at - first) / (last - first + 1),
        min(FAR, at - context.prose_before[at]), min(FAR, context.prose_after[at] - at),
        sums[at] / whole, 1 - sums[at + 1] / whole,
        log2(1 + sums[soon] - sums[max(0, at - 3)]),
        sizes[before], sizes[after], linked[before], linked[after],
        (link_chars[soon] - link_chars[at + 1]) / (chars[soon] - chars[at + 1] or 1),
        min(5.0, context.h1_passed[at]),
    )  # fmt: skip


def _signs(line: Line, outer: int) -> list[float]:
    own, around = line.own & ~outer, line.signs & ~outer
    if not own | around:
        return _UNSIGNED
    found: list[float] = [around != 0]
    found += [own & mask != 0 for mask in _MASKS]
    found += [around & mask != 0 for mask in _MASKS]
    return found


_UNSIGNED = [0.0] * len(SIGNS)
