"""The words by which articles are found: their language's stemmer, and pairs of characters where
words are not parted by blanks, or what follows a word is written to it. Pure.

Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese are indexed as overlapping pairs, and each
Chinese character also alone: 東京都 is found by 東京, by 京都 and by 都, 버스를 by 버스. A reader
writes such words without blanks as well, so a run that is asked for is cut where words may end: at
a change of script, and else into twos and threes in every way. 地铁罢工 finds 地铁司机罢工; in
quotes it would not.

Before Postgres parts a text, its signs and letters are made usual (``service.word_forms``): what is
a letter would depend on the locale of the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from msgspec import Struct

from service.article import Article, Code, Embed, Figure, Gallery, Video, own_text, walk
from service.compounds import parts_of_compounds
from service.word_forms import forms, names, separated, simplified, stumped, unprefixed, usual

CONFIGS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""Language code -> the stemmer of PostgreSQL; of any other language the beginnings of words are
indexed."""
UNSTEMMED, GERMAN = "bs_simple", "bs_german"

BODY_CHARS_MAX = 40_000
"""Of a body; a tsvector holds at most 1 MB."""
QUERY_CHARS_MAX = 500

ALTERNATIVES_MAX = 8
"""Ways to cut what is asked for; with more, runs are asked for as they stand."""
CUT_CHARS_MAX = 8
"""Of a run of Chinese or Korean characters; longer ones are asked for as they stand."""

_HANGUL = "\uac00-\ud7a3"
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_HIRAGANA, _KATAKANA = "\u3040-\u309f", "\u30a0-\u30ff\u31f0-\u31ff"
UNPARTED = f"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff{_HIRAGANA}{_KATAKANA}{_HAN}{_HANGUL}"
"""Characters of scripts that do not part words, for a class of a pattern."""
_RUN = re.compile(f"[{UNPARTED}]+")
_IDEOGRAPH = re.compile(f"[{_HAN}]")
_HANGUL_RUN = re.compile(f"[{_HANGUL}]+")
_SYLLABLE = re.compile(f"(?<![{_HANGUL}])([{_HANGUL}])[은는이가을를에의도로와과만](?![{_HANGUL}])")
"""A Korean word of one syllable, and what is written to it: 책을."""
_ATTACHED = re.compile(
    f"(?<=[{_HANGUL}]{{2}})(?:에서|에게|으로|까지|부터|들이|들은|들을|[은는이가을를에의로와과])$"
)
_SCRIPT = re.compile(
    f"[{_HAN}](?![のをがはにでともへや])[{_HIRAGANA}]{{1,2}}(?![{_HIRAGANA}])"  # 引き: no particle
    f"|[{_HAN}]+|[{_HIRAGANA}]+|[{_KATAKANA}]+|[^{_HAN}{_HIRAGANA}{_KATAKANA}]+"
)
_PARTICLE = re.compile(f"[{_HIRAGANA}]{{1,2}}")
_PIECE = re.compile(f"[{UNPARTED}]+|[^{UNPARTED}]+")
_TOKEN = re.compile(r'-?"[^"]*"?|\||[^\s"|]+')
_QUOTE = re.compile("[\u201c-\u201f\xab\xbb\u300c-\u300f]")
_OR, _NO_WORDS = frozenset({"or", "OR", "Or", "|"}), frozenset({"-", "AND", "&", "+"})
_MARKS = re.compile(r"[\x00\ud800-\udfff]")
_BLANK = re.compile(
    f"(?<=[{_HAN}{_HIRAGANA}{_KATAKANA}])[ \u3000](?=[{_HAN}{_HIRAGANA}{_KATAKANA}])"
)
"""Between the parts of a name, which are asked for without: 高橋 恵."""


CAPTIONED = frozenset({Figure, Gallery, Video, Embed})
"""Blocks whose own text is a caption."""


class Searchable(Struct, frozen=True, kw_only=True):
    """The texts of an article by weight: A headline, B lead, C captions, D body."""

    config: str
    headline: str
    lead: str
    captions: str
    body: str


def config_of(language: str | None) -> str:
    """The text search configuration of a language: ``"fr-CA"`` is ``"bs_french"``."""
    return "bs_" + CONFIGS.get((language or "").split("-")[0].lower(), "simple")


def searchable(article: Article) -> Searchable:
    """What ``article`` is found by."""
    texts: list[str] = []
    captions: list[str] = []
    for block in walk(article.body):
        kind = block.__class__
        if kind is not Code:
            (captions if kind in CAPTIONED else texts).append(own_text(block))
    names = " ".join(author.name for author in article.authors)
    lead = " ".join(filter(None, (article.kicker, article.standfirst, names)))
    config = config_of(article.language.code if article.language else None)
    return Searchable(
        config=config,
        headline=indexed(article.headline or "", config),
        lead=indexed(lead, config),
        captions=indexed(" ".join(captions)[:BODY_CHARS_MAX], config),
        body=indexed("\n".join(texts)[:BODY_CHARS_MAX], config),
    )


def indexed(text: str, config: str) -> str:
    """``text`` as it is indexed: ``東京都`` as ``東京 京都  東 京 都``, e-bus as ``e bus ebus``."""
    is_unparted = _RUN.search(text)
    text = usual(_BLANK.sub("", text) if is_unparted else text)
    joined = names(text)
    text = separated(text, joined)
    if is_unparted:
        text = simplified(text)
        alone = dict.fromkeys((*_IDEOGRAPH.findall(text), *_SYLLABLE.findall(text)))
        text = f"{paired(text)} {' '.join(alone)}"
    if config == UNSTEMMED:
        joined += unprefixed(text)
    elif config == GERMAN:
        joined += parts_of_compounds(text)
    if joined:
        text = f"{text} {' '.join(dict.fromkeys(joined))}"
    return as_configured(text, config)


def as_configured(text: str, config: str) -> str:
    """A text, or a query, as words of that configuration are indexed."""
    return stumped(text) if config == UNSTEMMED else text


def paired(text: str) -> str:
    """``text`` with every run of unparted script as its pairs: ``東京都`` is ``東京 京都``."""
    return _RUN.sub(lambda run: f" {_pairs(run.group())} ", _MARKS.sub(" ", text))


def parted(text: str) -> str:
    """``text`` without its runs of unparted script: ``NHK放送`` is ``NHK ``."""
    return _RUN.sub(" ", text)


def query_of(text: str) -> str:
    """A reader's query for ``websearch_to_tsquery``, with unparted runs as pairs and both numbers
    of words whose plural no stemmer knows.

    What is in quotes stays together; else ``港湾のストライキ`` is ``港湾 "スト トラ ライ イキ"``.
    """
    clauses: list[list[str]] = [[]]
    sign = ""
    for token in _TOKEN.findall(simplified(usual(_QUOTE.sub('"', text[:QUERY_CHARS_MAX])))):
        if token in _OR:
            clauses.append([])
        elif token == "NOT":
            sign = "-"
        elif token not in _NO_WORDS:
            clauses[-1].append(sign + token.removeprefix("-") if sign else token)
            sign = ""
    return " or ".join(way for clause in clauses if clause for way in _ways(clause))


def has_words(query: str) -> bool:
    """Whether a query of ``query_of`` asks for anything, or only excludes."""
    tokens = _TOKEN.findall(query)
    return any(token[0] != "-" and any(map(str.isalnum, token)) for token in tokens)


def runs_of(query: str) -> list[str]:
    """The runs that a query of ``query_of`` wants: ``船 "スト トラ" -港`` wants 船 and ストラ."""
    tokens = [token for token in _TOKEN.findall(query) if not token.startswith("-")]
    return sorted({run for token in tokens for run in _runs(token.strip('"').split())})


def _runs(words: Sequence[str]) -> list[str]:
    """The runs whose pairs follow each other; words are left out."""
    runs: list[str] = []
    last = ""
    for word in filter(_RUN.fullmatch, words):
        if len(last) == len(word) == 2 and last[1] == word[0]:
            runs[-1] += word[1]
        else:
            runs.append(word)
        last = word
    return runs


def _ways(clause: list[str]) -> list[str]:
    """The ways to read what must all be there; one, as it stands, if there are too many."""
    cut = [list(_cuts(token)) for token in clause]
    ways = [" ".join(way) for way in product(*cut)] if _count(cut) <= ALTERNATIVES_MAX else []
    return ways or [" ".join(_whole(token) for token in clause)]


def _count(cut: list[list[str]]) -> int:
    total = 1
    for ways in cut:
        total *= len(ways)
    return total


def _cuts(token: str) -> Iterator[str]:
    """The ways to cut one token of a query."""
    if token[0] in '-"':
        yield _whole(token)
        return
    if not _RUN.search(token):
        yield from forms(token)
        return
    parts = [part for piece in _PIECE.findall(token) if (part := piece.strip("-/.@:_+"))]
    pieces = [list(_run_cuts(part) if _RUN.match(part) else forms(part)) for part in parts]
    for way in product(*pieces):
        yield " ".join(way)


def _run_cuts(run: str) -> Iterator[str]:
    parts = _SCRIPT.findall(_ATTACHED.sub("", run))
    parts = [part for part in parts if not _PARTICLE.fullmatch(part)] or parts
    for way in product(*(_twos_and_threes(part) for part in parts)):
        yield " ".join(_phrase(chunk) for chunks in way for chunk in chunks)


def _twos_and_threes(part: str) -> list[list[str]]:
    """``abcde`` as ``[ab, cde]`` and ``[abc, de]``, if these are Chinese or Korean."""
    is_cut = _IDEOGRAPH.match(part) or _HANGUL_RUN.match(part)
    if len(part) < 4 or len(part) > CUT_CHARS_MAX or not is_cut:
        return [[part]]
    return list(_compositions(part))


def _compositions(part: str) -> Iterator[list[str]]:
    if len(part) in {2, 3}:
        yield [part]
    for size in (2, 3):
        if len(part) - size >= 2:
            for rest in _compositions(part[size:]):
                yield [part[:size], *rest]


def _whole(token: str) -> str:
    """A token that is not cut: a word, or a phrase with its sign."""
    sign = "-" if token[0] == "-" and len(token) > 1 else ""
    word = token[len(sign) :]
    plain = word.strip('" ')
    if " " not in plain and separated(plain) != plain:  # of one word; excluded in every form
        ways = forms(plain)
        return " ".join(sign + way for way in (ways if sign else ways[:1]))
    if word.startswith('"'):
        return f'{sign}"{paired(separated(plain))}"'
    return sign + _RUN.sub(lambda run: _phrase(run.group()), word) if sign else _spaced(word)


def _spaced(word: str) -> str:
    return _RUN.sub(lambda run: f" {_phrase(run.group())} ", word)


def _phrase(run: str) -> str:
    pairs = _pairs(run)
    return f'"{pairs}"' if " " in pairs else pairs


def _pairs(run: str) -> str:
    return " ".join(a + b for a, b in pairwise(run)) or run
