"""The byline of a printed line: its names and labels without dates, counts and buttons."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

from service.extract.metadata.dates import LABELS, plain, spans
from service.extract.metadata.dates.words import words as month_words
from service.extract.metadata.people.bylines import BIOGRAPHY, FIELD
from service.extract.metadata.people.contacts import CONTACT
from service.extract.metadata.people.words import BUTTONS, SMALL, label_at_end
from service.extract.metadata.titles import key

TEXT_CHARS_MAX = 400
PHRASE_WORDS_MAX = 3
COUNT_DIGITS = 4
DAY_WORDS = 3
_LAST = (
    frozenset(label for label in LABELS if " " not in label)
    | SMALL
    | {"heute", "gestern", "hoje", "ontem", "hoy", "ayer", "oggi", "ieri", "dzisiaj", "wczoraj"}
    | {"today", "yesterday", "hier", "сегодня", "вчера", "»", "lesezeit", "~", ""}
)
_EDGES = " \t|•·⋅∙●;,–—―-/:<>…+[≈"
COUNT = re.compile(
    r"[~≈]?\b\d{1,3}\s?[-–]?\s?(?:min(?:ut\w*|s)?\.?)(?:[\s-](?:of )?(?:read(?:ing)?(?: time)?"
    r"|de lect\w+|lesezeit|lesedauer|leestijd|di lettura|de leitura))?(?!\w)"
    r"|\b\d[\d.,]{0,8}\s?(?:comments?|kommentare?|commentaires?|coment[aá]rios?|reacties|views"
    r"|shares?|комментари\w+)\b|\[[a-z_]{3,30}\]"
    r"|(?<![\d:.])[012]?\d[:h.][0-5]\d(?![\d:.])(?:\s?uhr|\s?[ap]\.?m\b\.?)?"
    r"|(?:updated )?\b[012]\d[0-5]\d (?-i:[A-Z]{3,4})\b(?: \([012]\d[0-5]\d (?-i:[A-Z]{3,4})\))?"
    r"|(?:読了時間|阅读时间|閱讀時間|읽는 시간)\s?[:：]?\s?\d{1,3}\s?(?:分钟|分鐘|分|분)",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(BUTTONS, key=len, reverse=True))) + r")(?!\w)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?<!\w)(?:published |updated )?\d{1,3}\+? ?"
    r"(?:sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|years?) ago(?!\w)"
    r"|(?<!\w)(?:vor|il y a|hace|há|för) \d{1,3} [^\W\d_]{1,8}(?: sedan)?(?!\w)"
    r"|(?<!\w)\d{1,3} [^\W\d_]{1,8} "
    r"(?:fa|geleden|siden|sitten|temu|назад|тому|önce|prije|zpět)(?!\w)"
    r"|\d{1,3} ?(?:秒|分|時間|小时|小時|日|天|분|시간|일) ?(?:前|전)",
    re.IGNORECASE,
)
"""How long ago a page was published when it was served."""
_SPACED = re.compile(r"\s+(?=[,;:.!?)\]、，])")


def byline_text(text: str, names: list[str], language: str) -> str:
    """The parts of ``text`` that name the authors, verbatim; all of it if it prints nothing else.

    ``"Par Alice Roux Publié le 12/03/2026 - 7:45 UTC+1"`` gives ``"Par Alice Roux"``.
    """
    text = _SPACED.sub("", " ".join(text[:TEXT_CHARS_MAX].split()))
    bare = plain(text)
    text = text if len(bare) == len(text) else bare
    cuts = [*spans(text, language), *(m.span() for m in COUNT.finditer(text))]
    cuts += [m.span() for pattern in (_AGE, CONTACT, BIOGRAPHY) for m in pattern.finditer(text)]
    cuts += _buttons(text, names)
    if ":" in text and (field := FIELD.search(text)):
        cuts.append((field.start(), len(text)))
    if cuts:
        text = _uncut(text, cuts, names) or text
    return " ".join(_about_people(text, names).split())


def _uncut(text: str, cuts: list[tuple[int, int]], names: list[str]) -> str:
    """The parts of ``text`` between ``cuts`` that have a name."""
    ends = [0, *accumulate((end for _, end in sorted(cuts)), max)]
    starts = [*(start for start, _ in sorted(cuts)), len(text)]
    parts = [text[a:b].strip(_EDGES) for a, b in zip(ends, starts, strict=True) if b > a]
    wanted = [key(name) for name in names]
    return " ".join(part for part in parts if any(name in key(part) for name in wanted))


def _about_people(text: str, names: list[str]) -> str:
    """``text`` from the label of the first name on, each name once, without a label at its end.

    ``"Learn Written By Ann Lee Ann Lee Published"`` gives ``"Written By Ann Lee"``.
    """
    places = [place for name in names if (place := _places(text, name))]
    if not places:
        return text
    for start, end in _repeats(text, places):
        text = f"{text[:start].rstrip()}{text[end:]}"
    before, label = label_at_end(text[: min(place[0][0] for place in places)])
    if before.strip(_EDGES) and not _opens_phrase(before, label):
        text = text[len(before) :]
    if any(text.casefold().endswith(name.casefold()) for name in names):
        return text.strip(_EDGES)
    return _without_last_labels(text).strip(_EDGES) or text


def _places(text: str, name: str) -> list[tuple[int, int]]:
    """Where ``text`` has a name."""
    return [m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]


def _repeats(text: str, places: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Where full names stand again, beside themselves or with a label; the last first."""
    again: dict[int, int] = {}
    for place in places:
        for (_, last), (start, end) in pairwise(place):
            first = len(label_at_end(text[:start])[0])
            beside = not text[last:start].strip(_EDGES)
            if " " in text[start:end] and (beside or first < start):
                again[first] = end
    return sorted(again.items(), reverse=True)


def _opens_phrase(before: str, label: str) -> bool:
    """Whether the words before a small label belong to it: ``Ein Gespräch`` before ``von``; so do
    those before a colon."""
    near = label[:1].islower() and len(before.split()) <= PHRASE_WORDS_MAX
    return near or before.rstrip().endswith((":", "："))


def _without_last_labels(text: str) -> str:
    """``text`` without labels of dates, and small words before them, that nothing follows."""
    words = text.split(" ")
    if len(words) > DAY_WORDS and _is_day(words[-2:]):
        words = words[:-2]
    while len(words) > 1 and _says_nothing(words[-1].strip(_EDGES).casefold(), words[-2]):
        words.pop()
    return " ".join(words)


def _is_day(words: list[str]) -> bool:
    """Whether two words are a month and a day, in either order: ``March 18``."""
    plain = [word.strip(_EDGES + ".").casefold() for word in words]
    days = [word for word in plain if word.isdecimal() and len(word) < COUNT_DIGITS - 1]
    return len(days) == 1 and any(word in month_words("").months for word in plain)


def _says_nothing(word: str, before: str) -> bool:
    """Whether a last word is a label without its date, or a count, not the day after a month."""
    is_count = word.isdecimal() and len(word) < COUNT_DIGITS
    return word in _LAST or (
        is_count and before.casefold().strip(".") not in month_words("").months
    )


def _buttons(text: str, names: list[str]) -> list[tuple[int, int]]:
    """The spans of the words of buttons; not where a person is called so."""
    named = {word for name in names for word in key(name).split()}
    return [m.span() for m in _BUTTON.finditer(text) if key(m.group()) not in named]
