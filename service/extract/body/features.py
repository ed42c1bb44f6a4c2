"""What is known of each line, as numbers: the same for every language, no names of sites."""

from __future__ import annotations

import re
from collections import defaultdict
from math import log2

from service.extract.body.container import Prose, prose
from service.extract.body.lines import Line
from service.extract.body.signs import Sign
from service.extract.document import Document, Node

_ENDS = frozenset(".!?…。！？।؟;»”\"'’)」』")
_STOPS = frozenset(".!?…。！？।؟")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d{2}\b")
_WORDS = re.compile(r"\w+")
NEAR = 3

NAMES: list[str] = [
    "size", "free_size", "linked", "words", "word_size", "capitals", "digits", "commas", "ends",
    "stops", "colon_end", "question_end", "ellipsis_end", "has_stop", "time", "bar", "rights",
    "text", "heading", "list", "table", "code", "p", "li", "div", "span_like", "h1", "h23", "h456",
    "quote", "item", "marked", "one_link", "repeats", "title_share", "in_title",
    "parent_share", "grand_share", "same_share", "same_linked", "same_count", "depth", "inside",
    "before", "after", "place", "since_prose", "until_prose", "run_linked", "next_linked",
    "previous_size", "next_size", "previous_linked", "previous_heading", "next_heading",
    "near_prose", "page_prose", "prose_density", "lines", "top_sign", "siblings_prose",
    "has_article", "text_parent",
]  # fmt: skip
SIGNS = [sign for sign in Sign if sign]
NAMES += [f"own_{sign.name}" for sign in SIGNS] + [f"around_{sign.name}" for sign in SIGNS]


def _bits(value: int) -> list[float]:
    return [1.0 if value & sign else 0.0 for sign in _SIGN_VALUES]


_SIGN_VALUES = [int(sign) for sign in SIGNS]


class Page:
    """What lines are compared with."""

    def __init__(
        self, document: Document, lines: list[Line], container: Node, amounts: Prose, scale: float,
        headline: str,
    ) -> None:  # fmt: skip
        self.document, self.lines, self.container = document, lines, container
        self.amounts, self.scale = amounts, scale
        self.total = amounts.held(container) or 1.0
        self.whole = amounts.held(document.body) or 1.0
        self.counts: dict[str, int] = defaultdict(int)
        self.same: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        self.prose = [prose(line, scale) for line in lines]
        for line, amount in zip(lines, self.prose, strict=True):
            self.counts[line.text] += 1
            same = self.same[signature(line)]
            same[0] += amount
            same[1] += line.chars
            same[2] += line.link_chars
            same[3] += 1
        self.title = set(_WORDS.findall((document.title + " " + headline).lower()))
        self.headline = set(_WORDS.findall(headline.lower()))
        inside = [
            at for at, line in enumerate(lines)
            if container.index <= line.index < container.end and self.prose[at]
        ]  # fmt: skip
        self.first = inside[0] if inside else 0
        self.last = inside[-1] if inside else len(lines)
        self.depth = sum(1 for _ in container.ancestors())
        self.has_article = float(bool(document.by_tag.get("article")))


def signature(line: Line) -> tuple[str, str, str]:
    node = line.node
    parent = node.parent
    return (node.tag, node.hints, parent.hints if parent else "")


def vector(page: Page, at: int, outer: int) -> list[float]:
    lines, line = page.lines, page.lines[at]
    node, text, chars = line.node, line.text, line.chars or 1
    parent = node.parent or node
    grand = parent.parent or parent
    words = _WORDS.findall(text[:600])
    count = len(words) or 1
    same = page.same[signature(line)]
    lower = set(map(str.lower, words[:60]))
    last = text[-1] if text else ""
    before = lines[at - 1] if at else line
    after = lines[at + 1] if at + 1 < len(lines) else line
    near = page.prose[max(0, at - NEAR) : at + NEAR + 1]
    nexts = lines[at + 1 : at + 1 + NEAR]
    inside = page.container.index <= line.index < page.container.end
    tag = node.tag
    previous_prose = next(
        (k for k in range(1, 12) if at >= k and page.prose[at - k]), 12
    )
    next_prose = next(
        (k for k in range(1, 12) if at + k < len(lines) and page.prose[at + k]), 12
    )
    return [
        log2(1 + chars * page.scale),
        log2(1 + max(0, chars - line.link_chars) * page.scale),
        line.link_chars / chars,
        log2(1 + count),
        min(20.0, len(text) / count),
        sum(1 for w in words if w[0].isupper()) / count,
        sum(1 for w in words if w.isdigit()) / count,
        (text.count(",") + text.count("、") + text.count("，")) / count,
        float(last in _ENDS),
        float(last in _STOPS),
        float(last in ":："),
        float(last in "?？"),
        float(text.endswith(("...", "…"))),
        float(any(stop in text for stop in (". ", "。", "! ", "? "))),
        float(bool(_TIME.search(text[:200]))),
        float("|" in text or "•" in text or "·" in text or "›" in text or "»" in text),
        float("©" in text or "(c)" in text or "@" in text),
        float(line.kind == "text"),
        float(line.kind == "heading"),
        float(line.kind == "list"),
        float(line.kind == "table"),
        float(line.kind == "code"),
        float(tag == "p"),
        float(tag == "li"),
        float(tag in {"div", "section", "article", "td", "main"}),
        float(tag in {"span", "a", "strong", "b", "em", "i"}),
        float(tag == "h1"),
        float(tag in {"h2", "h3"}),
        float(tag in {"h4", "h5", "h6"}),
        float(line.quote is not None),
        float(line.item is not None),
        float(_marked(line)),
        float(line.link_chars > 0.9 * chars),
        log2(page.counts[text]),
        len(lower & page.title) / (len(lower) or 1),
        len(lower & page.headline) / (len(page.headline) or 1),
        page.amounts.held(parent) / page.total,
        page.amounts.held(grand) / page.total,
        same[0] / page.total,
        same[2] / (same[1] or 1),
        log2(same[3]),
        float(min(12, max(-1, sum(1 for _ in node.ancestors()) - page.depth))),
        float(inside),
        float(at < page.first) * min(20.0, float(page.first - at)),
        float(at > page.last) * min(20.0, float(at - page.last)),
        (at - page.first) / (page.last - page.first + 1),
        float(previous_prose),
        float(next_prose),
        sum(l.link_chars for l in nexts) / (sum(l.chars for l in nexts) or 1),
        after.link_chars / (after.chars or 1),
        log2(1 + before.chars),
        log2(1 + after.chars),
        before.link_chars / (before.chars or 1),
        float(before.kind == "heading"),
        float(after.kind == "heading"),
        log2(1 + sum(near)),
        log2(page.total),
        page.total / (page.whole or 1),
        log2(1 + len(lines)),
        float(bool(line.signs & ~outer)),
        (page.amounts.held(parent) - page.prose[at]) / page.total,
        page.has_article,
        float(line.run is not node.children),
        *_bits(line.own & ~outer),
        *_bits(line.signs & ~outer),
    ]


def _marked(line: Line) -> bool:
    """True where the whole line is strong or emphasised."""
    parts = [p for p in line.run if not (isinstance(p, str) and p.isspace())]
    return len(parts) == 1 and not isinstance(parts[0], str) and parts[0].tag in {"b", "strong", "em", "i"}
