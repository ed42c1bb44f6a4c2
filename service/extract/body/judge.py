"""Line by line: what of the container is the story, and why the rest is not."""

from __future__ import annotations

from service.extract.body.lines import Line
from service.extract.body.signs import Sign

_FOREIGN = (
    Sign.SHARE, Sign.RELATED, Sign.NEWSLETTER, Sign.PROMO, Sign.COMMENT, Sign.NAV, Sign.FOOTER,
    Sign.BIO, Sign.TAGS, Sign.CONSENT, Sign.TOOL, Sign.FORM, Sign.SIDE, Sign.CAPTION, Sign.BYLINE,
)  # fmt: skip


def judge(lines: list[Line], outer: int, headline: str) -> list[str]:
    """For every line the reason to drop it, or an empty string."""
    total = sum(line.chars for line in lines if line.kind == "text") or 1
    foreign = 0
    for sign in _FOREIGN:
        held = sum(
            line.chars
            for line in lines
            if line.kind == "text" and ((line.signs & ~outer) | line.own) & sign
        )
        if held < 0.4 * total:
            foreign |= sign
    seen: set[str] = set()
    reasons = []
    for line in lines:
        reason = _reason(line, ((line.signs & ~outer) | line.own) & foreign, headline)
        if not reason and line.text and line.kind == "text":
            if line.text in seen and line.chars > 20:
                reason = "repeated"
            seen.add(line.text)
        reasons.append(reason)
    _drop_idle_headings(lines, reasons)
    return reasons


def _reason(line: Line, foreign: int, headline: str) -> str:
    if line.kind in {"media", "separator"}:
        return ""
    if foreign:
        return "sign:" + str(Sign(foreign & -foreign).name).lower()
    if headline and _same(line.text, headline):
        return "headline"
    linked = line.link_chars / (line.chars or 1)
    if line.kind == "list" and linked > 0.6:
        return "links"
    if line.kind in {"text", "heading"} and linked > 0.75:
        return "link"
    if line.node.tag == "h1":
        return "h1"
    return ""


def _same(text: str, headline: str) -> bool:
    return text.casefold() == headline.casefold()


def _drop_idle_headings(lines: list[Line], reasons: list[str]) -> None:
    """Drops headings that nothing kept follows."""
    followed = False
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if reasons[at] or line.kind == "separator":
            continue
        if line.kind == "heading":
            if not followed:
                reasons[at] = "idle heading"
            followed = False
            continue
        followed = True
