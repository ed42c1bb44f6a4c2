"""What the judge of lines dropped of a story although the same kind of line was kept around it.

The judge sees one line at a time. Of a list of steps, of code, of headings over parts that it keeps
it drops some. Measured on sites that it had not seen (corpus of autumn 2026): of what is taken back
here 21 of 21 pieces of code, 27 of 29 tables, 43 of 47 headings, 20 of 22 lists and 6 of 7 steps
were gold, 3 of 4 lines that announce one of these, and 7 of 8 paragraphs of which nearly all like
them were kept. Tried and left: paragraphs between others of their kind (20 of 29), entries among
entries (24 of 69), short items (8 of 31), quotations (3 of 7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from service.extract.body.bold import CHARS_MAX as BOLD_CHARS_MAX
from service.extract.body.bold import holds_bold
from service.extract.body.classify import is_likely
from service.extract.body.context import Context
from service.extract.body.features import vector
from service.extract.body.lines import Line
from service.extract.body.signs import Sign
from service.extract.document import Node
from service.extract.vocabulary import kind_of

UNLIKELY = "unlikely"
STEP_CHARS_MIN = 40
STEPS_SHARE = 0.25
TAIL_CHARS_MIN = 30
TAIL_KIN_MIN, TAIL_KIN_SHARE = 3, 0.8
SHORT_CHARS_MAX, SHORT_KIN_MIN = 2500, 2
"""Of a story with no more prose two paragraphs of a kind are enough to know it."""
LINKED_MAX = 0.3
BUTTON_CHARS_MAX = 20
BOLD_LIKELY_MIN = 0.35
_ENDS = frozenset('.!?…。！？।؟»”"」』')
_SPEAKERS = frozenset({"cite", "figcaption", "footer"})
_ANNOUNCED = frozenset({"code", "list", "table"})
_STRANGE = int(
    Sign.SHARE | Sign.NAV | Sign.FOOTER | Sign.TOOL | Sign.FORM | Sign.CONSENT | Sign.NEWSLETTER
    | Sign.RELATED | Sign.SIDE | Sign.PROMO | Sign.COMMENT | Sign.BIO
)  # fmt: skip
_BOXES = int(Sign.PROMO | Sign.RELATED | Sign.SIDE | Sign.FORM)
_UNFOLDED = int(Sign.TOOL)


def take_back(context: Context, reasons: list[str]) -> None:
    """Clears the reasons of unlikely lines in the container that belong to what was kept."""
    box = context.container
    unlikely = [
        at
        for at, line in enumerate(context.lines)
        if reasons[at] == UNLIKELY
        and box.index <= line.index < box.end
        and _is_unlabelled(context, line)
    ]
    dropped = [at for at in unlikely if not _strange(context, context.lines[at])]
    for at in dropped:
        if context.lines[at].kind in {"code", "table"} or _is_formula(context.lines[at]):
            reasons[at] = ""
    for read in (_lists, _steps, _tails, _leads, _bold, _notes):
        for at in read(context, reasons, dropped):
            reasons[at] = ""
    for at in _speakers(context, reasons, unlikely):
        reasons[at] = ""
    for at in _headings(context, reasons, unlikely):
        reasons[at] = ""


def _is_unlabelled(context: Context, line: Line) -> bool:
    """Whether a line is no label and no link; a heading may link to itself."""
    is_linked = line.link_chars > LINKED_MAX * line.chars
    if is_linked and line.kind == "heading":
        around = [node for node in line.node.ancestors() if node.tag == "a"]
        links = around or context.document.within(line.node, "a")
        is_linked = not all(link.get("href").startswith("#") for link in links)
    return not is_linked and kind_of(line.text) is None


def _is_formula(line: Line) -> bool:
    """Whether a line is a formula, or code, and nothing else."""
    parts = [part for part in line.run if not isinstance(part, str) or not part.isspace()]
    return len(parts) == 1 and isinstance(parts[0], Node) and parts[0].tag == "code"


def _strange(context: Context, line: Line) -> int:
    """What the words of elements say against a line."""
    return (line.signs | line.own) & ~context.outer & _STRANGE


def _lists(context: Context, reasons: list[str], dropped: list[int]) -> Iterator[int]:
    """Lists whose element looks like one that was kept: what speaks for and against a thing."""
    lines = context.lines
    kept = {
        (line.node.tag, line.node.hints)
        for line, why in zip(lines, reasons, strict=True)
        if line.kind == "list" and not why
    }
    for at in dropped:
        node = lines[at].node
        if lines[at].kind == "list" and (node.tag, node.hints) in kept:
            yield at


def _steps(context: Context, reasons: list[str], dropped: list[int]) -> Iterator[int]:
    """Long items of a list of which a quarter was kept."""
    lines = context.lines
    around = {item.parent.index for at in dropped if (item := lines[at].item) and item.parent}
    kept = dict.fromkeys(around, 0)
    whole = dict.fromkeys(around, 0)
    for line, why in zip(lines, reasons, strict=True):
        if line.item and line.item.parent and (index := line.item.parent.index) in around:
            whole[index] += line.chars
            kept[index] += 0 if why else line.chars
    for at in dropped:
        line = lines[at]
        if line.kind == "text" and line.item and line.item.parent:
            index = line.item.parent.index
            is_long = line.chars * context.scale >= STEP_CHARS_MIN
            if is_long and kept[index] >= STEPS_SHARE * whole[index]:
                yield at


def _tails(context: Context, reasons: list[str], dropped: list[int]) -> Iterator[int]:
    """Sentences right below kept ones, in a paragraph like nearly all others of their parent."""
    lines = context.lines
    parents = {
        at: parent.index
        for at in dropped
        if at and _is_sentence(lines[at], context.scale)
        and (parent := lines[at].node.parent) and lines[at - 1].node.parent is parent
    }  # fmt: skip
    if not parents:
        return
    around = {*parents.values()}
    whole: Counter[tuple[int, str, str]] = Counter()
    kept: Counter[tuple[int, str, str]] = Counter()
    for line, why in zip(lines, reasons, strict=True):
        if line.node.parent and line.node.parent.index in around:
            kin = _kind(line)
            whole[kin] += 1
            kept[kin] += not why
    enough = SHORT_KIN_MIN if context.total <= SHORT_CHARS_MAX else TAIL_KIN_MIN
    for at in parents:
        kin = _kind(lines[at])
        if not reasons[at - 1] and kept[kin] >= max(enough, TAIL_KIN_SHARE * (whole[kin] - 1)):
            kept[kin] += 1
            yield at


def _kind(line: Line) -> tuple[int, str, str]:
    """What paragraphs of one parent that look alike have in common; an id is each one's own."""
    parent = line.node.parent
    return (parent.index if parent else 0, line.node.tag, line.node.get("class"))


def _is_sentence(line: Line, scale: float) -> bool:
    if line.kind != "text" or line.node.tag != "p" or line.link_chars:
        return False
    return line.chars * scale >= TAIL_CHARS_MIN and line.text[-1] in _ENDS


def _leads(context: Context, reasons: list[str], dropped: list[int]) -> Iterator[int]:
    """Lines that announce, with a colon, the code, list or table right below them."""
    for at in dropped:
        line = context.lines[at]
        if line.kind == "text" and line.text[-1] in ":：":
            below = _below(context.lines, at)
            if below and context.lines[below].kind in _ANNOUNCED and not reasons[below]:
                yield at


def _bold(context: Context, reasons: list[str], dropped: list[int]) -> Iterator[int]:
    """Short lines in bold between kept ones that the judge nearly took: they head what follows."""
    lines = context.lines
    for at in dropped:
        line = lines[at]
        if line.kind != "text" or line.chars > BOLD_CHARS_MAX or not holds_bold(line.run):
            continue
        beside = lines[at - 1 : at + 2 : 2] if at else []
        kept = not any(reasons[at - 1 : at + 2 : 2]) and all(each.text for each in beside)
        if kept and len(beside) > 1 and is_likely(vector(context, at), BOLD_LIKELY_MIN):
            yield at


def _speakers(context: Context, reasons: list[str], unlikely: list[int]) -> Iterator[int]:
    """Who said a quotation that was kept, in the same figure or block; a ``footer`` there ends the
    quotation, not the page."""
    for at in unlikely:
        line = context.lines[at]
        above = context.lines[at - 1].quote if at and not reasons[at - 1] else None
        if line.quote is not None and line.quote is above and line.node.tag in _SPEAKERS:
            yield at


def _notes(context: Context, reasons: list[str], dropped: list[int]) -> Iterator[int]:
    """Footnotes, where something of the story above them was kept."""
    first = reasons.index("") if "" in reasons else len(reasons)
    for at in dropped:
        box = context.lines[at].box
        if box is not None and at > first and "footnote" in box.hints:
            yield at


def _headings(context: Context, reasons: list[str], unlikely: list[int]) -> Iterator[int]:
    """Headings right above text, or above a lower heading, that was kept; where it is in the same
    box of products or at the side, or can be unfolded, that says nothing against them."""
    lines = context.lines
    for at in reversed(unlikely):
        below = _below(lines, at) if lines[at].kind == "heading" else 0
        if not below or reasons[below] or _is_equal_heading(lines[at], lines[below]):
            continue
        shared = _strange(context, lines[below]) & _BOXES | _UNFOLDED
        if not _strange(context, lines[at]) & ~shared:
            yield at


def _below(lines: list[Line], at: int) -> int:
    """The next line that holds text, and no button; 0 if there is none."""
    for below in range(at + 1, len(lines)):
        if lines[below].text and not _is_button(lines[below]):
            return below
    return 0


def _is_equal_heading(above: Line, below: Line) -> bool:
    return below.kind == "heading" and below.node.tag <= above.node.tag


def _is_button(line: Line) -> bool:
    """Whether a line is what to press beside a heading: ``[edit]``."""
    return line.chars <= BUTTON_CHARS_MAX and line.link_chars * 2 > line.chars
