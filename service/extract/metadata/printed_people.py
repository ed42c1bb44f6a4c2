"""Bylines printed near the headline."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import NamedTuple

from service.article import Author
from service.extract.document import Node
from service.extract.metadata.dates import primary, spans
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.hints import finder, teller
from service.extract.metadata.line_parts import broken, name_in
from service.extract.metadata.nearby import Line
from service.extract.metadata.people import (
    assistants,
    byline_text,
    is_own_label,
    label_at_start,
    labelled_part,
    people,
)
from service.extract.metadata.people.words import OTHERS, WEAK_LABELS
from service.extract.metadata.titles import key

_PEOPLE = (
    "author byline by-line auteur autore verfasser redakteur writer forfatter skribent journalist "
    "contributor writtenby written-by signature posted-by vcard penulis"
)
_PEOPLE_ELSE = r"autor(?!o?ise)|firma\b|reporter(?!r)|user-name|(?:^|\s|__)submitted(?:$|\s)"
_HINT = re.compile("|".join([*_PEOPLE.split(), _PEOPLE_ELSE]))
_NOT_NAME = re.compile(
    r"avatar|image|photo|bio|desc|social|follow|share|date|time|role|title|job|position|links|email|mail|count|comment|box-title|label|prefix|bild"
)
_leads_to_author = finder(
    "author autor auteur journalist contributor writer redakt redact report column editor firma "
    "forfatter skribent byline profil /by /@",
    r"/(?:authors?|autor(?:en|es|i|in)?|auteurs?|autore|journalist(?:s|es|en)?|contributors?|writers?"
    r"|redakteur\w*|redactie|redact(?:eu)?r\w*|reporters?|column(?:ists?|istas?)|editors?|firmas?|forfatter"
    r"|skribent\w*|bylines?|profil(?:e|es|s)?|by|author-bio\.\w+)(?:[/=?]|$)|[?&]author=|/@",
)
_PERSON_URL = re.compile(
    r"/(?:people|person(?:en|as)?|staff|team|users?|userprofile|members?|bloggers?|experts?|mitarbeiter)/"
)
_OWN_URL = re.compile(r"/(?:settings?|account|log-?in|log-?out|register|sign-?up)(?:[/?]|$)")
_TOPIC_URL = re.compile(r"/(?:tags?|categor(?:y|ies|ia|ie)|kategorie|rubrik|topics?|section)/")
_PICTURE_AUTHOR = re.compile(
    r"(?:licen[cs]e|photo|image|img|foto|picture|caption|video)[-_]{1,2}(?:author|autor)\b"
)
_says_name = teller("", r"(?:^|[\s_-])(?:(?:user|full)?-?name|fn)(?:$|[\s_-])")
_says_byline = teller("author byline by-line verfasser", r"autor\b")
_says_people = teller(_PEOPLE, _PEOPLE_ELSE)
_NEAR = frozenset({"after", "before", "within"})
INNER_MAX = 60
BYLINE_CHARS_MAX = 160
BYLINES_MAX = 4
SENTENCE_WORDS_MIN = 12


class Byline(NamedTuple):
    """A printed line about the authors; ``text`` verbatim, null where only classes say so."""

    node: Node
    text: str | None
    authors: list[Author]
    consumable: bool
    strong: bool = False
    """Whether a label such as *by* near the headline names them."""


def printed_bylines(page: Evidence, lines: list[Line]) -> list[Byline]:
    """The bylines among ``lines``, those nearest to the headline first."""
    found = []
    for line in lines:
        byline = _byline(page, line)
        if byline and not _is_of_picture(page, line.node):
            found.append(byline)
            if len(found) >= BYLINES_MAX:
                break
    return found


def _is_of_picture(page: Evidence, node: Node) -> bool:
    """Whether a line by its classes names who made a picture: ``license-author``."""
    inner = page.document.inside(node)[:INNER_MAX]
    return any(each.hints and _PICTURE_AUTHOR.search(each.hints) for each in (node, *inner))


def printed_text(page: Evidence, byline: Byline) -> str:
    """What the byline prints about people: its text without dates, counts and buttons."""
    text = byline.text or ""
    parted = " ".join(broken(byline.node).split())
    names = [author.name for author in byline.authors]
    if all(key(name) in key(parted) for name in names) and len(parted) <= 2 * len(text):
        text = parted
    return byline_text(_without_topics(page, byline.node, text), names, page.language)


def _without_topics(page: Evidence, node: Node, text: str) -> str:
    """``text`` without the sections and tags that a byline links: ``by Ann Lee in Sky, Stars``."""
    links = page.document.within(node, "a")[:INNER_MAX]
    topics = [page.document.text(link) for link in links if link.chars and _is_topic(link)]
    if not topics:
        return text
    listed = r"\W{0,3}".join(re.escape(topic) for topic in topics)
    return re.sub(rf"(?:\s+\S{{1,14}}:|\s+in)?\s*{listed}", " ", text, count=1)


def _is_topic(link: Node) -> bool:
    rel = link.get("rel").split()
    return "tag" in rel or bool(_TOPIC_URL.search(link.get("href")[:300].lower()))


def _byline(page: Evidence, line: Line) -> Byline | None:
    whole = len(line.text) <= BYLINE_CHARS_MAX
    label, rest = label_at_start(line.text)
    inside = False
    if (not label or label in WEAK_LABELS) and any(map(str.isdigit, line.text)):
        inner, behind = labelled_part(line.text, page.language)
        if inner:
            label, rest, inside = inner, behind, True
    labelled = bool(label) and label not in OTHERS and 2 <= len(rest) <= BYLINE_CHARS_MAX
    labelled = labelled and (line.place != "outside" or _has_hint(line.node))
    weak = label in WEAK_LABELS and not _is_all_names(page, line, label, rest)
    if labelled and (not weak or _has_hint(line.node)):
        authors = _authors(page, broken(line.node))
        if inside:
            authors = _behind_label(page, line, f"{label} {rest}", authors)
        linked = _linked_authors(page, line.node, sure=True)
        if len(linked) >= len(authors):
            authors = linked
        if authors and _looks_like_names(rest, authors):
            strong = not weak and line.place in _NEAR
            return Byline(line.node, line.text, authors, line.place in _NEAR, strong)
    sure = _has_hint(line.node) and line.place in _NEAR
    authors = _linked_authors(page, line.node, sure=sure)
    told = _is_sentence(line.text) and not _is_signed(page, line.node)
    if authors and line.place != "outside" and not told:
        near = whole and line.place in _NEAR
        return Byline(line.node, line.text if whole else None, authors, near)
    if line.place in {"outside", "around"} and not _says_byline(line.node.hints):
        return None
    return _hinted(page, line)


def _behind_label(page: Evidence, line: Line, text: str, found: list[Author]) -> list[Author]:
    """The people behind a label inside a line instead of ``found``, where the words before it are
    none: ``Diposting pada 6 Maret 2024 oleh Dewi Lestari``."""
    label = text.partition(" ")[0]
    named = _authors(page, text)
    if not found or f"{label}:" in line.text.casefold():
        return named
    apart = bool(named) and label not in WEAK_LABELS and key(found[0].name) not in key(text)
    full = apart and all(" " in a.name or a.name > "\u2e80" for a in named)
    return named if full and any(spans(line.text, page.language)) else found


def _is_signed(page: Evidence, node: Node) -> bool:
    """Whether a link in a line says that it leads to the author (``rel``)."""
    return any("author" in n.get("rel").split() for n in page.document.within(node, "a"))


def _is_sentence(text: str) -> bool:
    """Whether a line without a label tells of people instead of naming its authors."""
    return text.rstrip()[-1:] in ".!?" and len(text.split()) >= SENTENCE_WORDS_MIN


def _is_all_names(page: Evidence, line: Line, label: str, rest: str) -> bool:
    """Whether a line under the headline is the language's own *by* and full names only.

    ``"Di Anna Rossi"`` on an Italian page is a byline, ``"Di Roma si parla"`` is none.
    """
    if line.place not in {"after", "before"} or not is_own_label(label, primary(page.language)):
        return False
    found = people(f"{label} {rest}", page.language, page.site_keys, declared=False)
    named = [word for person in found for word in person.name.split()]
    words = [word for word in re.findall(r"[^\W\d_]{2,}", rest) if word[:1].isupper()]
    full = all(" " in person.name for person in found)
    return bool(found) and full and len(words) <= len(named) and len(rest.split()) <= len(named) + 2


def _looks_like_names(rest: str, authors: list[Author]) -> bool:
    """Whether names make up most of the first words after the label."""
    first = key(authors[0].name)
    return key(rest).startswith(first) or first in key(rest)[: len(first) + 40]


def _authors(page: Evidence, text: str) -> list[Author]:
    """The people of a printed text; where its parts are no names, of the text on one line."""
    found = people(text, page.language, page.site_keys, declared=False, personal=True)
    if "\n" in text and not any(" " in person.name for person in found):
        found = people(" ".join(text.split()), page.language, page.site_keys, declared=False)
    return [Author(name=p.name, role=p.role) for p in found if not _is_phrase(p.name)]


def _linked_authors(page: Evidence, around: Node, *, sure: bool) -> list[Author]:
    """The names whose links say that they lead to a person; ``sure`` lines need to say less."""
    found: list[Author] = []
    links = [around] if around.tag == "a" else page.document.within(around, "a")[:INNER_MAX]
    nodes = [n for n in links if not n.hidden and n.chars and _is_person_link(n, sure)]
    if not nodes:
        return found
    others = assistants(page.document.text(around), page.language) if len(links) > 1 else ""
    for node in nodes:
        text = name_in(page.document, node)
        for person in people(text, page.language, page.site_keys, personal=True)[:1]:
            name = key(person.name)
            if name not in others and all(name != key(a.name) for a in found):
                url = web_address(page, node.get("href"))
                found.append(Author(name=person.name, url=url, role=person.role))
    initials = {"".join(word[0] for word in author.name.split()) for author in found}
    return [author for author in found if " " in author.name or author.name not in initials]


def web_address(page: Evidence, href: str | None) -> str | None:
    """The address of a page about a person: no mail address, and no part of this page."""
    url = page.document.resolve(href)
    own = (page.document.url or "").partition("#")[0]
    return url if url and url.startswith("http") and url.partition("#")[0] != own else None


def _is_person_link(node: Node, sure: bool) -> bool:
    if "author" in node.get("rel").split():
        return True
    href = node.get("href")[:300].lower()
    if _OWN_URL.search(href):
        return False
    if not href or "author" in node.hints or _leads_to_author(href):
        return bool(href)
    return sure and bool(_PERSON_URL.search(href))


def _has_hint(node: Node) -> bool:
    return _says_people(node.hints) or any(_says_people(n.hints) for n in node.elements())


def _hinted(page: Evidence, line: Line) -> Byline | None:
    """The byline that classes mark: the innermost elements so called that are not its picture."""
    inner = (line.node, *page.document.inside(line.node)[:INNER_MAX])
    nodes = [n for n in inner if n.chars and not n.hidden and _is_called(n, line.node)]
    pictured = bool(nodes) and bool(page.document.within(line.node, "img"))
    for node in reversed(nodes):
        if pictured and "credit" in node.hints:
            continue
        text = page.document.text(node)
        authors = _called(page, node)
        if authors and len(text) <= BYLINE_CHARS_MAX and _is_mostly(authors, text):
            near = len(line.text) <= BYLINE_CHARS_MAX and line.place in _NEAR
            alike = [n for n in nodes if n.hints == node.hints and n.index < node.index]
            if alike and not _says_byline(node.hints):
                before = [author for n in alike for author in _called(page, n)]
                known = {key(author.name) for author in before}
                authors = before + [a for a in authors if key(a.name) not in known]
                text = line.text
            return Byline(line.node, text, authors, near)
    return None


def _called(page: Evidence, node: Node) -> list[Author]:
    """The people of an element whose classes call it an author, or the name of one; not of who did
    something else, as the words before a name tell."""
    authors = _authors(page, broken(node))
    if not _says_name(node.hints):
        return [] if _NOT_NAME.search(_last_hint(node.hints)) else authors
    others = assistants(page.document.text(node.parent), page.language) if node.parent else ""
    return [author for author in authors if key(author.name) not in others]


def _is_called(node: Node, line: Node) -> bool:
    """Whether the classes of an element say that it names people: itself, or as a name among what
    says so of a person."""
    if _says_people(node.hints):
        return True
    if not _says_name(node.hints):
        return False
    around = takewhile(lambda n: n.index >= line.index, node.ancestors())
    return any(_says_people(n.hints) for n in around)


def _is_phrase(name: str) -> bool:
    """Whether words in small letters can be no account of a user, as they have others' accents."""
    return name.islower() and not name.isascii()


def _is_mostly(authors: list[Author], text: str) -> bool:
    """Whether names, a label and a date make up most of a line that only its classes mark."""
    named = sum(len(key(author.name).split()) for author in authors)
    role = sum(len(key(author.role).split()) for author in authors)
    return 5 * (named + role) >= 2 * len([w for w in key(text).split() if w.isalpha()])


def _last_hint(hints: str) -> str:
    """The part of the classes that follows the word for author: ``author-avatar`` is a picture."""
    parts = _HINT.split(hints)
    return parts[-1].split(" ", maxsplit=1)[0] if len(parts) > 1 else hints
