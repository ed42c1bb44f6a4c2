"""Made-up words of seven languages with the frequencies of real ones, the same for each seed.

No word list is shipped: words are syllables put together, in the language's own letters, and the
n-th most frequent one is used in proportion to 1 / (n + 2), as Zipf's law has it.
"""

from __future__ import annotations

import itertools
import random

SYLLABLES = {
    "en": [
        "the",
        "ing",
        "ber",
        "ton",
        "ly",
        "re",
        "con",
        "der",
        "mar",
        "sto",
        "ick",
        "all",
        "tra",
        "pen",
        "ow",
        "ment",
    ],
    "fr": [
        "la",
        "tion",
        "ment",
        "eur",
        "ré",
        "con",
        "pré",
        "vi",
        "lé",
        "gue",
        "ais",
        "oux",
        "dé",
        "mar",
        "bou",
        "ière",
    ],
    "de": [
        "der",
        "ung",
        "ver",
        "schaft",
        "ge",
        "lich",
        "stadt",
        "haus",
        "kr",
        "ein",
        "über",
        "bahn",
        "land",
        "ige",
        "wer",
        "zu",
    ],
    "es": [
        "la",
        "ción",
        "mente",
        "dad",
        "pre",
        "con",
        "ero",
        "ura",
        "gue",
        "llo",
        "sta",
        "ñar",
        "bro",
        "cam",
        "ido",
        "tra",
    ],
    "ru": [
        "про",
        "ста",
        "ние",
        "ско",
        "гра",
        "вод",
        "ков",
        "мир",
        "пере",
        "ство",
        "ель",
        "ник",
        "рав",
        "дор",
        "ост",
        "бол",
    ],
    "ar": [
        "ال",
        "كت",
        "مد",
        "ين",
        "رس",
        "فت",
        "حم",
        "نظ",
        "سل",
        "وق",
        "عم",
        "شر",
        "دو",
        "قل",
        "بر",
        "ها",
    ],
    "zh": list("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"),
}
WORDS = 20_000
STREAM = 400_000


class Language:
    """The words of one language by rank, and a long text of them to cut articles from."""

    def __init__(self, code: str, seed: int) -> None:
        self.code = code
        self.words = vocabulary(code)
        weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self.words))))
        pick = random.Random(f"{code} {seed}")
        self.stream = pick.choices(self.words, cum_weights=weights, k=STREAM)
        self.glue = "" if code == "zh" else " "

    def text(self, pick: random.Random, count: int) -> str:
        """``count`` words in a row from anywhere in the stream."""
        start = pick.randrange(STREAM - count)
        return self.glue.join(self.stream[start : start + count])


def vocabulary(code: str) -> list[str]:
    """``WORDS`` different words, the most frequent first and short."""
    syllables = SYLLABLES[code]
    found: dict[str, None] = {}
    for size in range(1, 6):
        for parts in itertools.product(syllables, repeat=size):
            found.setdefault("".join(parts))
            if len(found) >= WORDS:
                return list(found)
    return list(found)


def languages(seed: int) -> list[Language]:
    """All seven."""
    return [Language(code, seed) for code in SYLLABLES]
