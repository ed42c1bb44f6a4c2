"""The page that lines are judged in: how often, how far, beside what."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate
from math import log2
from typing import NamedTuple

from service.extract.body.container import Prose
from service.extract.body.lines import Line
from service.extract.document import Document, Node
from service.extract.vocabulary import kind_of

LABEL_CHARS_MAX = 200
LABEL_LINKED_MAX = 0.9
FAR = 15
FAR_SHARE = 0.02
FAR_CHARS = 50
_WORD = re.compile(r"\w+")
_GROUPS: dict[str | None, int] = {
    kind: group
    for group, kinds in enumerate((
        "share follow tools loading navigation player embed",
        "related read_more",
        "newsletter subscribe consent advertisement",
        "comments",
        "correction update disclaimer",
        "reading_time rights byline published modified credit topics",
        "author_bio",
    ))
    for kind in kinds.split()
}  # fmt: skip
_LASTING = (1, 2, 3, 6)
"""Groups of labels that speak of the lines after them: related, selling, comments, biography."""


class Around(NamedTuple):
    """What is around a line: the prose ``held`` by its parent, the ``shares`` of all prose in
    three elements around it, how many ``lines`` are in two of them and how much of these is linked,
    the ``branch`` of the container that they are in, the ``depth`` of its parent."""

    held: float
    shares: tuple[float, float, float]
    lines: tuple[float, float, float, float]
    branch: Node | None
    depth: int


_NO_FAMILY = [0.0, 0.0, 0.0]


class Context:
    """What the lines of a page are compared with; everything is counted once."""

    def __init__(
        self, document: Document, lines: list[Line], container: Node, amounts: Prose, *,
        scale: float, headline: str, names: set[str],
    ) -> None:  # fmt: skip
        self.document, self.lines, self.container = document, lines, container
        self.amounts, self.scale, self.names = amounts, scale, names
        self.total = amounts.held(container) or 1.0
        self.prose = amounts.amounts
        self.headline, self.headline_text = words(headline), headline
        self.title = words(document.title) | self.headline
        self.said = self.title | names
        self.counts = Counter(line.text for line in lines)
        self._depths: dict[int, int] = {document.root.index: 0}
        self.container_depth = self.depth(container)
        self.outer = _common_signs(lines, container)
        self.far = [self._is_far(line) for line in lines]
        self._arounds: dict[int, Around] = {}
        self._count_families()
        self._count_places()
        self._count_sizes()
        self._count_labels()
        self.page = (
            log2(1 + self.total),
            self.total / (amounts.held(document.body) or 1.0),
            log2(1 + len(lines)),
        )

    def _count_families(self) -> None:
        """Of each line's kind, and per element: prose, characters, linked ones and lines."""
        kinds: dict[tuple[str, str, str], list[float]] = {}
        self.same: list[list[float]] = []
        self._families: dict[int, list[float]] = {}
        families = self._families
        for line, amount in zip(self.lines, self.prose, strict=True):
            same = kinds.setdefault(_signature(line), [0.0, 0.0, 0.0, 0.0])
            self.same.append(same)
            same[0] += amount
            same[1] += line.chars
            same[2] += line.link_chars
            same[3] += 1
            parent = line.node.parent
            for node in (parent, parent.parent if parent else None):
                if node is not None:
                    family = families.get(node.index)
                    if family is None:
                        family = families[node.index] = [0.0, 0.0, 0.0]
                    family[0] += 1
                    family[1] += line.chars
                    family[2] += line.link_chars

    def _count_places(self) -> None:
        """Where prose lies before and after each line."""
        lines, prose, box = self.lines, self.prose, self.container
        inside = [
            at
            for at, amount in enumerate(prose)
            if amount and box.index <= lines[at].index < box.end
        ]
        self.first = inside[0] if inside else 0
        self.last = inside[-1] if inside else len(lines) - 1
        self.sums = [0.0]
        self.prose_before: list[int] = []
        self.h1_passed: list[int] = []
        latest, h1 = -99, 0
        for at, amount in enumerate(prose):
            self.prose_before.append(latest)
            self.h1_passed.append(h1)
            latest = at if amount else latest
            h1 += lines[at].node.tag == "h1"
            self.sums.append(self.sums[-1] + amount)
        self.prose_after = [0] * len(lines)
        latest = len(lines) + 99
        for at in range(len(lines) - 1, -1, -1):
            self.prose_after[at] = latest
            latest = at if prose[at] else latest

    def _count_sizes(self) -> None:
        """Of each line the size and how much is linked; of all before it the sums."""
        lines = self.lines
        self.sizes = [log2(1 + line.chars) for line in lines]
        self.linked = [line.link_chars / (line.chars or 1) for line in lines]
        self.chars = [0, *accumulate(line.chars for line in lines)]
        self.link_chars = [0, *accumulate(line.link_chars for line in lines)]

    def _is_far(self, line: Line) -> bool:
        """True for short or linked lines that have no prose near them: menus, mostly."""
        box, node = self.container, line.node
        if box.index <= node.index < box.end or line.chars - line.link_chars > FAR_CHARS:
            return False
        for _ in range(3):
            node = node.parent or node
        return self.amounts.held(node) < FAR_SHARE * self.total

    def _count_labels(self) -> None:
        """Which lines are labels, and how far back the last one of each lasting kind is.

        Only of lines that are judged, and of those whose label one of them can see.
        """
        lines, far = self.lines, self.far
        self.labels = [-1] * len(lines)
        seen = 0
        for at in range(len(lines) - 1, -1, -1):
            seen = seen - 1 if far[at] else FAR
            if seen > 0:
                self.labels[at] = _label(lines[at])
        latest = dict.fromkeys(_LASTING, -99)
        self._latest: list[tuple[int, ...]] = []
        last = tuple(latest.values())
        for at, group in enumerate(self.labels):
            if group in latest:
                latest[group] = at
                last = tuple(latest.values())
            self._latest.append(last)

    def labels_at(self, at: int) -> list[float]:
        """Whether the line is a label, and of what is related; the distances to those before."""
        group = self.labels[at]
        since = [min(FAR, at - back) for back in self._latest[at]]
        return [group >= 0, group == _LASTING[0], *since]

    def around(self, node: Node) -> Around:
        """What lines right under ``node`` have in common; told once for all of them."""
        known = self._arounds.get(node.index)
        if known is None:
            known = self._arounds[node.index] = self._look_around(node)
        return known

    def _look_around(self, node: Node) -> Around:
        grand = node.parent or node
        great = grand.parent or grand
        held, total = self.amounts.held, self.total
        lines, chars, linked = self._families.get(node.index, _NO_FAMILY)
        wide_lines, wide_chars, wide_linked = self._families.get(grand.index, _NO_FAMILY)
        return Around(
            held(node),
            (held(node) / total, held(grand) / total, held(great) / total),
            (
                log2(1 + lines), log2(1 + wide_lines),
                linked / (chars or 1), wide_linked / (wide_chars or 1),
            ),
            self._branch(node),
            self.depth(node),
        )  # fmt: skip

    def _branch(self, node: Node) -> Node | None:
        """The child of the container that a node inside it is or is in; None if it is outside."""
        container = self.container
        if not container.index < node.index < container.end:
            return None
        while node.parent is not None and node.parent is not container:
            node = node.parent
        return node

    def depth(self, node: Node) -> int:
        """How many elements are around a node."""
        known = self._depths
        path: list[Node] = []
        at: Node | None = node
        while at is not None and at.index not in known:
            path.append(at)
            at = at.parent
        depth = known[at.index] if at is not None else -1
        for step in reversed(path):
            depth += 1
            known[step.index] = depth
        return known[node.index]


def _signature(line: Line) -> tuple[str, str, str]:
    """What lines of one kind have in common: their element and the words around it."""
    node = line.node
    return (node.tag, node.hints, node.parent.hints if node.parent else "")


def _label(line: Line) -> int:
    """The group of the label that a line is, -1 for other lines and for links."""
    if 0 < line.chars < LABEL_CHARS_MAX and line.link_chars < LABEL_LINKED_MAX * line.chars:
        return _GROUPS.get(kind_of(line.text), -1)
    return -1


def words(text: str) -> set[str]:
    """The distinct words of a text in lower case."""
    return set(_WORD.findall(text.lower())) | set(text.lower().split())


def _common_signs(lines: list[Line], container: Node) -> int:
    """Signs around every line of the container: they come from outside and say nothing."""
    signs = [line.signs for line in lines if container.index <= line.index < container.end]
    common = signs[0] if signs else 0
    for found in signs:
        common &= found
    return common
