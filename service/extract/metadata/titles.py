"""Titles compared and freed of the names of their sites."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ASCII = bytes(ord(chr(c).lower()) if chr(c).isalnum() else 32 for c in range(128)).ljust(256)
SLUG_WORDS_MIN = 3
LIKE_SLUG_MIN = 0.7
REMEMBERED_MAX = 4_096
_SEPARATOR = re.compile(
    r"\s+[|\-–—•·:»«›/~⋆★]+\s+|\s*[|｜»›•]+\s*|\s+::\s+|(?<=\S)\s*[–—]\s+|: |・|＿"
    r"|__+|_(?=[^_]{2,20}$)|-(?=[\u2e80-\ufaff]{2,8}$)|(?<=[\u2e80-\uffef])--+"
)
_SITE_NAME = re.compile(r"(?:网站?|[日晚时早]报|公报|在线|频道|電視台|电视台|新聞網?|新闻)$")
"""How names of Chinese and Japanese sites end."""
GLUED_CHARS_MAX = 20
_ARCHIVE = re.compile(r"^blog archiv(?:e|es|o)? ?[»›:|–-] ?(?=\S)", re.IGNORECASE)
"""What themes of a publishing system write before the title of a story."""
TITLE_CHARS_MAX = 500


def key(text: str | None) -> str:
    """``text`` for comparison: case, punctuation and compatibility forms do not count."""
    return _key(text[: 2 * TITLE_CHARS_MAX]) if text else ""


@lru_cache(maxsize=REMEMBERED_MAX)
def _key(text: str) -> str:
    """The same; remembered, since the readers of a page compare the same few texts."""
    if text.isascii():
        return " ".join(text[:TITLE_CHARS_MAX].encode().translate(_ASCII).decode().split())
    text = unicodedata.normalize("NFKC", text)[:TITLE_CHARS_MAX]
    return " ".join(_WORD.findall(text.casefold()))


def plain_key(text: str) -> str:
    """A key in the letters of an address: ``"Für Bögen, à Nîmes"`` is ``fuer boegen a nimes``."""
    spelled = unicodedata.normalize("NFD", key(text).translate(_UMLAUTS))
    return _MARKS.sub("", spelled)


def path_key(address: str | None) -> str:
    """The path of an address for comparison; empty for the root of a site."""
    if not isinstance(address, str) or len(address) > 2048:
        return ""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/").lower().removesuffix(".html").removesuffix("/amp")
    return path + ("?" + parts.query if parts.query and path.count("/") < 2 else "")


def is_addressed(text: str, address: str | None) -> bool:
    """Whether the last part of an address repeats most words of a title."""
    slug = key(path_key(address).rpartition("/")[2])
    long = slug.count(" ") + 1 >= SLUG_WORDS_MIN
    return long and similarity(plain_key(text), slug) >= LIKE_SLUG_MIN


def similarity(first: str, second: str) -> float:
    """F1 of the words that two keys share, 0 to 1."""
    a, b = set(first.split()), set(second.split())
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def parts_of(title: str) -> list[str]:
    """The pieces of a title between its separators, as keys: a headline, a section, a site."""
    return [key(part) for part in _SEPARATOR.split(title[:TITLE_CHARS_MAX]) if part.strip()]


@lru_cache(maxsize=256)
def without_site(title: str, site_keys: frozenset[str]) -> str:
    """``title`` without the parts that name the site, at its end or its beginning.

    ``"Le sommet | Le Journal"`` gives ``"Le sommet"``. Parts that are short and follow the last
    bar are taken for a site's name only when they are one of ``site_keys`` or look like it.
    """
    title = _ARCHIVE.sub("", " ".join(title.split())[:TITLE_CHARS_MAX].strip())
    for _ in range(3):
        shorter = _shorter(title, site_keys).strip()
        if shorter == title:
            break
        title = _ARCHIVE.sub("", shorter)
    return title


def _shorter(title: str, site_keys: frozenset[str]) -> str:
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts:
        return title
    last, first = cuts[-1], cuts[0]
    for cut in reversed(cuts[-3:]):
        tail, head = title[cut.end() :], title[: cut.start()]
        if head and names_site(tail, site_keys):
            return head
    head, tail = title[: first.start()], title[first.end() :]
    if tail and (names_site(head, site_keys) or _is_glued(head)):
        return tail
    tail = title[last.end() :]
    if tail and max(tail) > "\u2e80" and len(tail) <= 8 and last.start() >= 10:
        return title[: last.start()]
    if last.start() and _is_glued(tail):
        return title[: last.start()]
    if "|" in last.group() or "｜" in last.group():
        head = title[: last.start()]
        if len(tail) < len(head) and len(tail.split()) <= 5:
            return head
    return title


def _is_glued(part: str) -> bool:
    """Whether a part of a title ends as names of sites do in scripts without blanks."""
    return len(part) <= GLUED_CHARS_MAX and _SITE_NAME.search(part) is not None


def names_site(text: str, site_keys: frozenset[str]) -> bool:
    """Whether ``text`` is a name of the site, with or without blanks and endings."""
    found = key(text)
    if not found:
        return True
    joined = found.replace(" ", "")
    for name in site_keys:
        plain = name.replace(" ", "")
        if found == name or joined == plain:
            return True
        if len(plain) >= 4 and len(joined) <= 2 * len(plain) + 8 and plain in joined:
            return True
        if 4 <= len(joined) < len(plain) <= 2 * len(joined) and f" {found} " in f" {name} ":
            return name.count(" ") <= 4 and found.count(" ") <= 2
    return False
