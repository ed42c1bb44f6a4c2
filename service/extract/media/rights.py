"""Copyright notices in what is printed about a picture."""

from __future__ import annotations

import re

from service.extract.media.credits import rights_in, without_label

CREDIT_CHARS_MAX = 160
CLOSING = {"(": ")", "[": "]", "（": "）", "【": "】", "［": "］", "〔": "〕", "{": "}"}
_LICENCE = re.compile(r"CC\b")
_NOTICE = re.compile(
    r"©|[(（][cＣｃ][)）]|\bcopyright\b(?! (?:licen[cs]|laws?\b|polic|infring|protect|free\b))",
    re.IGNORECASE,
)
_NOTICE_END = re.compile(r"[)\]）】\n|]|(?<=[\w.])\s[–—-]\s")
_HOLDER = re.compile(
    r"©|[(（][cＣｃ][)）]|\bcopyrights?\b|\b(?:19|20)\d\d\b(?:\s?[-–]\s?\d{2,4})?|^\W*by\b",
    re.IGNORECASE,
)


_LEGAL = re.compile(
    r"terms (?:and|&) conditions|terms of (?:use|service)|privacy policy|datenschutz|impressum"
    r"|mentions légales|aviso legal",
    re.IGNORECASE,
)


def is_of_page(text: str) -> bool:
    """Whether a notice goes on to what stands at the foot of a page, so is no picture's."""
    return bool(_NOTICE.search(text)) and bool(_LEGAL.search(text))


def take_notice(text: str) -> tuple[str, str, str]:
    """The text without its copyright notice, the notice, and the holder that it names."""
    start, end = rights_in(text)
    mark = _NOTICE.search(text)
    if mark is None:
        if end == 0:
            return text, "", ""
        return joined(text[:start], text[end:]), text[start:end], ""
    first = mark.start()
    last = _notice_end(text, mark.end())
    if end and start < first:
        first = start
    last = max(last, end)
    notice = text[first:last].strip(" |")
    if last - first > CREDIT_CHARS_MAX:
        return text, "", ""
    return joined(text[:first], text[last:]), notice, _holder(notice)


def _notice_end(text: str, start: int) -> int:
    """Where a notice that goes on at ``start`` ends: brackets inside it belong to it."""
    for match in _NOTICE_END.finditer(text, start):
        inside = text[start : match.start()]
        if match[0] not in ")）" or inside.count("(") + inside.count("（") == 0:
            return match.start()
    return len(text)


def joined(before: str, after: str) -> str:
    if before[-1:] in CLOSING and before:
        before, after = before[:-1], after[1:] if after[:1] in ")]）】］〕}" else after
    before, after = before.rstrip(), after.lstrip()
    if not after.strip(" .,;)]"):
        return before
    return f"{before}{'' if after[0] in ',.;' else ' '}{after}".strip()


def _holder(notice: str) -> str:
    start, end = rights_in(notice)
    bare = notice[:start] + notice[end:] if end else notice
    holder = without_label(" ".join(_HOLDER.sub(" ", bare).split()).strip(" .,:;|/-–—"))
    return holder if len(holder) <= CREDIT_CHARS_MAX and not _LICENCE.match(holder) else ""
