"""Who wrote it: the people that the page declares and those that its byline prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from service.article import Author, Source
from service.extract.document import Document, Node
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.linked_data import Item, text_of, types_of
from service.extract.metadata.nearby import Line
from service.extract.metadata.people import people
from service.extract.metadata.people.names import is_site
from service.extract.metadata.people.words import AGENCIES, COMPANY
from service.extract.metadata.printed_people import (
    Byline,
    printed_bylines,
    printed_text,
    web_address,
)
from service.extract.metadata.titles import key
from service.extract.metadata.unlabelled import named_beside_date

CONSUMED_MAX = 4
_METAS = (
    "parsely-author", "sailthru.author", "article:author", "article:author_name", "author",
    "citation_author", "citation_authors",
    "dc.creator", "dcterms.creator", "dc.creator.personalname", "byl", "byline",
    "cxenseparse:author", "dc.contributor", "og:article:author", "authors", "article.author",
    "twitter:creator:name", "rnews:author", "news_authors", "autor", "author-name",
)  # fmt: skip
_LABELLED = re.compile(
    r"written by|author|by|geschrieben von|verfasst von|écrit par|rédigé par|escrito por|scritto da"
    r"|autor|auteur|geschreven door|napisane przez|written|автор|skriven av|skrevet av|kirjoittanut"
)
_MAKER = re.compile(r"(?:web)?(?:develop|design|power|program|cod)(?:ed|er)?\b", re.IGNORECASE)
"""Of those who made the site, not the article."""
_GLUED_ADDRESS = re.compile(r"https?://[^/]+/(https?://.+)")
"""An address of another site behind the own one: templates put it where they want a path."""
_ADDRESS = re.compile(r"\w\.(?:com|net|org|info|de|pl|fr|it|ru|be|nl|es|co\.uk)$", re.IGNORECASE)
_TITLES = re.compile(r"^(?:(?:dr|prof|professor|mr|mrs|ms|ing|dipl|med|doktor)\s)+")


class Claimed(NamedTuple):
    """The people that one reader claims; ``strong`` where a printed label names them."""

    authors: list[Author]
    source: Source
    strong: bool = False


class Authors(NamedTuple):
    """The believed authors, the printed byline, and the nodes that print it."""

    authors: list[Author]
    source: Source | None
    byline: str | None
    nodes: tuple[Node, ...]


def read_authors(page: Evidence, lines: list[Line]) -> Authors:
    """The authors of the article: none where neither head nor byline names a person or agency."""
    bylines = printed_bylines(page, lines)
    declared = _linked(page)
    metas = _metas(page)
    printed = next((Claimed(b.authors, "dom", b.strong) for b in bylines if b.authors), None)
    micro = _microdata(page)
    order = (declared, metas, micro, printed)
    if printed and printed.strong:
        order = (declared, metas, printed, micro)
    chosen = _chosen([c for c in order if c and c.authors])
    if chosen is None and (beside := named_beside_date(page, lines)):
        bylines, chosen = [beside, *bylines], Claimed(beside.authors, "dom")
    line = _told(bylines, chosen)
    nodes = tuple(b.node for b in bylines if b.consumable)[:CONSUMED_MAX]
    text = printed_text(page, line) if line else None
    if chosen is None:
        return Authors([], None, text, nodes)
    return Authors(_with_urls(chosen.authors, bylines), chosen.source, text, nodes)


def _told(bylines: list[Byline], chosen: Claimed | None) -> Byline | None:
    """The byline that prints the authors: one that only classes mark and that names others than
    the head does, such as the credit of a picture, is none."""
    printed = [b for b in bylines if b.text]
    if chosen is None or chosen.source == "dom":
        return next(iter(printed), None)
    names = {key(author.name) for author in chosen.authors}
    same = (b for b in printed if _shares(b, names))
    return next(same, None) or next((b for b in printed if b.strong), None)


def _shares(byline: Byline, names: set[str]) -> bool:
    printed = {key(author.name) for author in byline.authors}
    return bool(printed & names) or _alike(printed, names)


def _chosen(claims: list[Claimed]) -> Claimed | None:
    """The first claim, unless a later one names the same people and more, or prints others; one
    of addresses (``CNN.com``) only where no other claims anybody."""
    claims = [c for c in claims if not all(_ADDRESS.search(a.name) for a in c.authors)] or claims
    if not claims:
        return None
    best = claims[0]
    names = {key(a.name) for a in best.authors}
    for claim in claims[1:]:
        others = {key(a.name) for a in claim.authors}
        more = _untitled(names) < _untitled(others) and len(others) <= len(names) + 3
        if more and claim.source != "microdata":
            return claim
        if claim.strong and not names & others and not _alike(names, others):
            accounts = all(map(_is_user, claim.authors))
            return best if accounts and " " in max(names, key=len) else claim
    return best


def _is_user(author: Author) -> bool:
    """Whether a printed name is a user's: one word not written as names are (``TaxLisa``)."""
    name = author.name
    return " " not in name and name.isascii() and name != name.capitalize() and not name.isupper()


def _untitled(names: set[str]) -> set[str]:
    """Keys of names without the titles before them: ``dr ann lee`` is ``ann lee``."""
    return {_TITLES.sub("", name) for name in names}


def _alike(first: set[str], second: set[str]) -> bool:
    """Whether two sets share a part of a name: ``j doe`` and ``jane doe``."""
    return bool(
        {w for name in first for w in name.split() if len(w) > 2}
        & {w for name in second for w in name.split()}
    )


def _linked(page: Evidence) -> Claimed | None:
    for name in ("author", "creator"):
        found: list[Author] = []
        for value in page.data.values(page.article, name):
            _extend(found, _of_value(page, value))
        if found:
            return Claimed(found, "json-ld")
    return None


def _of_value(page: Evidence, value: Any) -> Iterator[Author]:
    """The authors of one value: a text, or a node of a person or an organisation."""
    if not isinstance(value, dict):
        yield from _named(page, text_of(value) or "")
        return
    names = page.data.texts(value, "name") or [_full_name(value)]
    personal = "person" in types_of(value)
    url = web_address(page, _address(value))
    role = text_of(value.get("jobTitle")) if isinstance(value.get("jobTitle"), str) else None
    for name in names[:25]:
        found = _named(page, name, personal=personal and name.islower())
        alone = len(found) == 1
        for author in found:
            author.url = url if alone else None
            author.role = author.role or (role if alone else None)
            yield author


def _full_name(value: Item) -> str:
    parts = (text_of(value.get("givenName")), text_of(value.get("familyName")))
    return " ".join(filter(None, parts))


def _address(value: Item) -> str | None:
    for name in ("url", "sameAs"):
        found = value.get(name)
        found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, str) and found.strip():
            found = unescape(unescape(found))
            glued = _GLUED_ADDRESS.match(found)
            return glued[1] if glued else found
    return None


def _named(page: Evidence, text: str, *, personal: bool = False) -> list[Author]:
    """The people of a declared text; ``personal`` where it is surely one, in small letters too."""
    found = people(_in_order(text), page.language, page.site_keys, personal=personal)
    return [Author(name=p.name, role=p.role) for p in found if not _is_account(p.name)]


def _is_account(name: str) -> bool:
    """Whether a declared name is a user's account: ``jdoe``, ``jane.doe``, ``jane-doe``."""
    single = name.islower() and name.isascii() and " " not in name
    return single and name not in AGENCIES


def _is_company(name: str) -> bool:
    return bool(COMPANY & set(name.casefold().split()))


def _extend(found: list[Author], more: Iterator[Author] | list[Author]) -> None:
    known = {key(author.name) for author in found}
    for author in more:
        if key(author.name) not in known:
            known.add(key(author.name))
            found.append(author)


def _metas(page: Evidence) -> Claimed | None:
    for name in (*_METAS, *_twitter_labels(page.document)):
        found: list[Author] = []
        for content in page.document.metas.get(name, ())[:25]:
            if content.startswith(("http", "@", "/", ".")) or _MAKER.match(content):
                continue
            if "&" in content and is_site(content, page.site_keys):
                continue
            parts = [part.strip() for part in content.split(",")]
            if len(parts) > 1 and any(is_site(part, page.site_keys) for part in parts[:2] if part):
                continue
            named = _named(page, content)
            _extend(found, [author for author in named if not _is_company(author.name)])
        if found:
            return Claimed(found, "meta")
    return None


def _in_order(text: str) -> str:
    """``"Doe, Jane"`` as ``"Jane Doe"``; not ``"Reuters, AFP"``."""
    last, _, first = (part.strip() for part in text.partition(","))
    is_name = len(last.split()) == 1 == len(first.split()) and last[:1].isupper()
    is_name = is_name and AGENCIES.isdisjoint((last.casefold(), first.casefold()))
    return f"{first} {last}" if is_name else text


def _twitter_labels(document: Document) -> Iterator[str]:
    """``twitter:data1`` where ``twitter:label1`` says *written by*."""
    for number in "12":
        label = (document.meta(f"twitter:label{number}") or "").casefold()
        if _LABELLED.fullmatch(label):
            yield f"twitter:data{number}"


def _microdata(page: Evidence) -> Claimed | None:
    found: list[Author] = []
    for item in page.items.own("author")[:25]:
        inner = [n for n in page.document.inside(item.node)[:60] if n.get("itemprop") == "name"]
        text = (inner[0].get("content") or page.document.text(inner[0])) if inner else item.value
        if text and len(text) <= 200:
            _extend(found, _named(page, text))
    return Claimed(found, "microdata") if found else None


def _fuller(name: str, printed: dict[str, Author]) -> Author | None:
    """The printed name that begins or ends with a declared word: ``Nils Pickert`` for ``Nils``."""
    word = key(name)
    if " " in word:
        return None
    fuller = (a for k, a in printed.items() if k.startswith(word + " ") or k.endswith(" " + word))
    return next(fuller, None)


def _as_written(declared: str, printed: str) -> str:
    """The longer of two names; of one name in capitals and not the other."""
    if declared.isupper() and not printed.isupper() and key(declared) == key(printed):
        return printed
    return max(declared, printed, key=len)


def _with_urls(authors: list[Author], bylines: list[Byline]) -> list[Author]:
    """Adds the addresses and roles that the printed byline gives to the same names."""
    printed = {key(a.name): a for b in bylines for a in b.authors}
    for author in authors:
        same = printed.get(key(author.name)) or _fuller(author.name, printed)
        if same:
            author.name = _as_written(author.name, same.name)
            author.url = author.url or same.url
            author.role = author.role or same.role
    return list({key(author.name): author for author in authors[::-1]}.values())[::-1]
