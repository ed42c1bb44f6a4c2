"""What is printed about a picture, told apart: caption, credit and rights, in many languages.

Words are data (``credits.json``); the reading goes by the marks around them: a label with a
colon, brackets, a copyright sign, a name and an agency after the last sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from service.article import Credit
from service.extract.media.alone import HOUSE, is_credit_alone, slashed_credit
from service.extract.media.credits import (
    is_agency,
    is_generic,
    is_label,
    is_opening,
    is_person,
    label_before,
    pictured_by,
    without_closing,
    without_label,
)
from service.extract.media.edges import EDGES, tidy
from service.extract.media.makers import LICENCE, read_credit
from service.extract.media.rights import CLOSING, CREDIT_CHARS_MAX, is_of_page, joined, take_notice

CAPTION_CHARS_MAX = 3000
TAIL_WORDS_MAX = 9
TOLD_WORDS_MIN, TOLD_CHARS_MIN, SENTENCE_WORDS_MIN = 3, 6, 10
"""A caption after its credit has so many words, or characters where words are not parted."""

_SENTENCE_ENDS = frozenset('.!?…»”"。！？」')

_MARK = re.compile(r"[:：=＝]")
_BRACKETED = re.compile(r"[(\[（【［〔{]([^()\[\]（）【】［］〔〕{}]{2,160})[)\]）】］〕}]\W{0,3}$")
_OFFERED = re.compile(
    r"\b(?:Purchase Licensing Rights|Buy (?:this )?[Pp]hoto|Order (?:a )?[Rr]eprints?)\b.{0,30}$"
)
_PIECES = re.compile(r"\s[|/]\s|[|¦•]|\n")
_DURATION = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?\w{1,8}\.?)?")
_TAIL = re.compile(
    r"(?:(?<!(?<!\w)[A-ZÀ-Ž])\.\s+|[!?…»”\"’)。！？」\]]\s+|\s[|–—•·-]\s|[|¦•]|\s/\s|\n|\s{2,}|。"
    r"|[、，＝](?=[^、，＝。]{2,20}撮影\W?$)|＝(?=[^、，＝。]{2,12}$))"
)
"""In Japanese day and place stand before who took it: ``＝11日、沢渡町、佐伯みなと撮影``."""
BRACKET_WORDS_MAX = 3
_STUDIO = re.compile(r" (?:photography|photos?|studios?|images|pictures)$", re.IGNORECASE)
_OF_FILE = re.compile(r"^(?:file(?: photo| picture)?|archiv|archivo|archives?)\s?[:/-]\s?", re.I)
_SENTENCES = re.compile(r"(?<!\w)[a-zß-ÿа-я]{3,}\.\s+[A-ZÀ-ÞА-Я]")
"""The end of one and the beginning of the next."""
_ARTICLES = frozenset(
    {"a", "an", "ein", "eine", "un", "une", "una", "um", "uma", "een", "en", "et"}
)
"""What opens a sentence about a picture, and no name."""


class Split(NamedTuple):
    """The parts of a caption; each None where nothing is printed."""

    caption: str | None
    credit: Credit | None
    copyright_notice: str | None


def split_caption(text: str, credit: str | None = None) -> Split:
    """The caption, the credit and the rights in ``text``, and in ``credit`` if printed apart.

    ``"Ruins. Foto: dpa/Max Müller"`` gives ``"Ruins."`` and a credit of Max Müller and dpa;
    ``"Tous droits réservés  AP Photo/Virginia Mayo"`` gives no caption, the credit and the notice.
    """
    if (not credit and (not text or text.isspace())) or is_of_page(text):
        return Split(None, None, None)
    caption = _collapsed(text)
    if credit and not caption and _tells(_collapsed(credit)):
        caption, credit = _collapsed(credit), None
    notice = made_by = ""
    if credit:
        made_by, notice = _credit_alone(_collapsed(credit))
        caption = without_end(caption, made_by)
    caption, own_notice, holder = take_notice(caption)
    caption, found = _take_credit(caption)
    rest, first = _take_labelled(caption.rstrip(EDGES)) if found else (caption, "")
    if first:
        caption, found = rest, f"{first} | {found}"
    made_by = made_by or found or holder
    caption = without_end(caption, made_by)
    return Split(tidy(caption) or None, read_credit(made_by), notice or own_notice or None)


def _tells(credit: str) -> bool:
    """Whether a sentence of some words stands before the label of a credit, or a long one without
    one."""
    rest, made_by = _take_labelled(credit)
    if not made_by:
        told = len(credit.split()) >= SENTENCE_WORDS_MIN and " / " not in credit
        return told and not is_credible(credit)
    return rest[-1:] in _SENTENCE_ENDS and len(rest.split()) >= TOLD_WORDS_MIN


def credit_in(text: str) -> Split:
    """The credit and the rights in a text that is no caption, such as the title of a picture: only
    what a label or the copyright sign tells."""
    text = _collapsed(text)
    rest, notice, holder = take_notice(text)
    made_by = _take_labelled(rest)[1] or _take_opened(rest)[1] or holder
    return Split(None, read_credit(made_by), notice or None)


def _credit_alone(text: str) -> tuple[str, str]:
    """The maker and the notice of a text that says nothing else."""
    rest, notice, holder = take_notice(text)
    pieces = (piece.strip(EDGES) for piece in _PIECES.split(tidy(rest)))
    named = [p for p in pieces if p and not is_label(p) and not _DURATION.fullmatch(p)]
    return without_label(" / ".join(named)) or holder, notice


def _collapsed(text: str) -> str:
    """At most 3000 characters, white space collapsed, line ends kept: they part the printed; not
    what a link behind it sells."""
    lines = _OFFERED.sub("", text[:CAPTION_CHARS_MAX]).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def without_end(caption: str, made_by: str) -> str:
    """``caption`` without ``made_by`` at its end, with or without a label and brackets."""
    if not made_by:
        return caption
    bare = caption.rstrip(" .)]）】\n")
    if not bare.casefold().endswith(made_by.casefold().rstrip(" .")):
        return caption
    head = bare[: len(bare) - len(made_by.rstrip(" ."))]
    if head and head[-1].isalnum():
        return caption
    return tidy(label_before(head) or head)


def _take_credit(text: str) -> tuple[str, str]:
    """The text without its credit, and the credit without its label."""
    takers = (
        _take_bracketed, _take_labelled, _take_opened, _take_tail, slashed_credit, _take_whole,
    )  # fmt: skip
    for take in takers:
        rest, made_by = take(text)
        if made_by:
            return rest, made_by
    return text, ""


def _take_bracketed(text: str) -> tuple[str, str]:
    match = _BRACKETED.search(text)
    if match is None:
        return text, ""
    head = text[: match.start()]
    inner = _OF_FILE.sub("", match[1].strip())
    bare = without_label(inner)
    if bare != inner and is_credible(bare):
        return head, bare
    if closed := without_closing(inner):
        return head, closed
    apart = head.rstrip()[-1:] in _SENTENCE_ENDS or (match[0][0] == "[" and "/" in inner)
    if apart and (HOUSE.fullmatch(inner) or any(map(is_person, inner.split("/")))):
        return head, inner
    short = len(inner.split()) <= BRACKET_WORDS_MAX or _STUDIO.search(inner)
    alone = not head.strip() and short and inner[:1].isupper()
    if alone and is_credible(inner):
        return head, inner
    if not is_agency(inner):
        return text, ""
    name = _last_name(head)
    if not name:
        return head, inner
    rest = head[: len(head) - len(name)]
    return label_before(rest) or rest, f"{name}{text[match.start() :].strip(EDGES)}"


def _last_name(head: str) -> str:
    """The name that stands alone between the last sentence and ``(AGENCY)``."""
    for start in _tails(head):
        name = head[start:].strip()
        mark = max(name.rfind(":"), name.rfind("："))
        if mark >= 0 and label_before(name[: mark + 1]) is not None:
            return head[start + mark + 1 :].lstrip()
        is_whole = start == 0 and name.lower() == name.upper()
        if not is_whole and is_person(name) and name[-1] not in _SENTENCE_ENDS:
            return head[start:].lstrip()
    return ""


def _take_labelled(text: str) -> tuple[str, str]:
    """A label with a colon or an equals sign, and what follows it."""
    for mark in reversed(list(_MARK.finditer(text))[-8:]):
        head = label_before(text[: mark.end()])
        if head is None:
            continue
        after = text[mark.end() :]
        closing = CLOSING.get(head.rstrip()[-1:])
        stop = after.find(closing) if closing else _end_of_first(head, after)
        made_by, rest = (after, "") if stop < 0 else (after[:stop], after[stop + 1 :])
        made_by = made_by.strip(" .|")
        if is_credible(made_by):
            if closing:
                head = head.rstrip()[:-1]
            return joined(head, rest), made_by
    return text, ""


def _end_of_first(head: str, after: str) -> int:
    """Where a labelled credit ends: with its line, or at the bar before the caption; -1 for the
    end of the text."""
    line = after.find("\n")
    bar = after.find("|")
    rest = after[bar + 1 :].strip()
    told = len(rest.split()) >= TOLD_WORDS_MIN or (
        rest[:1] > "\u2e80" and len(rest) >= TOLD_CHARS_MIN
    )
    if line >= 0 or head.strip() or bar < 0 or not told or LICENCE.fullmatch(rest):
        return line
    is_cased = rest.upper() != rest.lower()
    return -1 if is_agency(rest) or (is_cased and is_person(rest)) else bar


def _take_opened(text: str) -> tuple[str, str]:
    """A phrase such as ``photo by`` after a sentence's end, and what follows it; or the first of
    two lines that is one."""
    first, _, more = text.partition("\n")
    if more and (bare := is_opening(first)) and is_credible(bare):
        return more, bare.strip(" .")
    for start in _tails(text):
        tail = text[start:].strip()
        bare = is_opening(tail)
        if bare and is_credible(bare):
            return text[:start], bare.strip(" .")
        if text[:start].rstrip().endswith(("/", "|")) and (bare := pictured_by(tail)):
            return text[:start], bare.strip(" .")
    return text, ""


def _take_tail(text: str) -> tuple[str, str]:
    """A last piece that names an agency and nothing else, with the name before its slash."""
    for start in _tails(text):
        tail = text[start:].strip(EDGES)
        words = tail.rstrip(".").split()
        if not 0 < len(words) <= TAIL_WORDS_MAX or not is_credible(tail):
            continue
        if is_agency(tail.rstrip(".")) or is_generic(tail) or without_closing(tail.rstrip(".")):
            first = _with_name(text, start)
            return text[:first], text[first:].strip(EDGES).rstrip(".")
    return text, ""


def _take_whole(text: str) -> tuple[str, str]:
    """A text that is nothing but a credit."""
    whole = text.strip(EDGES)
    return ("", whole) if is_credit_alone(whole) and is_credible(whole) else (text, "")


def _with_name(text: str, start: int) -> int:
    """Where the credit starts that goes on at ``start``: before the name, if a slash parts them."""
    head = text[:start].rstrip()
    if not head.endswith("/"):
        return start
    for at in _tails(head[:-1]):
        if is_person(head[at:-1].strip()):
            return at
    return start


@lru_cache(maxsize=16)
def _tails(text: str) -> tuple[int, ...]:
    """Where the last pieces of ``text`` start, the shortest first; several ask for the same."""
    ends = [match.end() for match in _TAIL.finditer(text)]
    return (*reversed(ends[-4:]), 0)


def is_credible(made_by: str) -> bool:
    """Whether ``made_by`` can be who made a picture: short, and names rather than a sentence."""
    made_by = made_by.strip()
    if not 1 < len(made_by) <= CREDIT_CHARS_MAX or made_by.isdigit():
        return False
    words = made_by.replace("/", " ").split()
    low = sum(1 for word in words if word[:1].islower())
    if is_agency(made_by) or is_generic(made_by):
        return low <= 6 and not _SENTENCES.search(made_by)
    if words[0].casefold() in _ARTICLES or _SENTENCES.search(made_by):
        return False
    return len(words) <= 14 and (low <= max(2, len(words) // 2) or len(words) <= 4)
