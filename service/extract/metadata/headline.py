"""The printed headline, and the node that prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from service.extract.document import Document, Node
from service.extract.metadata.claims import Claim
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.headline_text import (
    PRINTED_CHARS_MIN,
    own_text,
    punctuated,
    undated,
    up_to_declared,
)
from service.extract.metadata.titles import (
    is_addressed,
    key,
    names_site,
    parts_of,
    path_key,
    similarity,
    without_site,
)

HEADLINE_CHARS_MAX = 400
ALONE_CHARS_MAX = 200
HEADINGS_MAX = 200
PART_CHARS_MIN = 8
EXACT = 1.19
"""Of a heading with the words of a title; see ``confirmation``."""
_CUT = re.compile(r"\s*[|｜»«·•]|\s[-–—]\s|\s::|:(?=\S)")
"""Where the name of a site may begin in a title; not at the colon before a second part."""
_TITLE_HINTS = (
    "headline",
    "entry-title",
    "article-title",
    "post-title",
    "articletitle",
    "posttitle",
)
Heading = tuple[Node, str]
"""A heading and its text."""
_TITLE_METAS = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title",
                "dcterms.title", "citation_title", "title", "article:title")  # fmt: skip


def declared_titles(document: Document) -> list[str]:
    """The titles that the head declares, the site's name still in them."""
    if document.story_heading:
        return [document.story_heading]
    found = [t for name in ("og:title", "twitter:title") if (t := document.meta(name))]
    return [document.title, *found] if document.title else found


def read_headline(page: Evidence) -> Claim | None:
    """The headline: a visible heading that the head confirms, else what the head declares.

    Order by the corpus of autumn 2026: an ``h1`` contained in ``<title>`` or og:title is right on
    82-93 % of its pages, JSON-LD on 78-79 %, a stripped og:title on 54-69 %.
    """
    if heading := page.document.story_heading:
        return Claim(heading, "dom", _printed(page.document, heading))
    declared = list(_declared(page))
    titles = [key(c.value) for c in declared]
    headings = _of_site(_headings(page.document, "h1"), page.site_keys)
    headings = [h for h in headings if not _leads_to_top(page.document, h[0])] or headings
    headings = _without_trail(page, headings, titles)
    best = _confirmed(headings, titles, 0.95)
    best = best or _confirmed(
        headings + _of_site(_titled(page.document), page.site_keys), titles, 0.5
    )
    best = _of_story(page.document, best or _alone(page.document, headings, declared))
    best = _printed_end(page.document, best, declared) or best
    if best:
        text = own_text(page.document, *best, titles)
        text = up_to_declared(punctuated(best[0], text, declared), declared)
        return Claim(undated(text, page.language, titles), "dom", (best[0],))
    if declared and (part := _printed_part(page.document, declared[0].value)):
        return part
    if declared:
        return declared[0]._replace(nodes=_printed(page.document, declared[0].value))
    title = page.document.meta("og:title") or page.document.title
    if not title:
        return None
    part = _printed_part(page.document, title) or _addressed(page, title)
    return part or Claim(title, "meta", _printed(page.document, title))


def _without_trail(page: Evidence, headings: list[Heading], titles: list[str]) -> list[Heading]:
    """Without the last step of a trail, worded for search engines, where a title of the head is
    printed elsewhere."""
    own = [heading for heading in headings if "breadcrumb" not in heading[0].hints]
    if len(own) == len(headings) or not _confirmed([*own, *_titled(page.document)], titles, EXACT):
        return headings
    return own


def _declared(page: Evidence) -> Iterator[Claim]:
    for name in ("headline", "name"):
        text = page.data.text(page.article, name)
        if text and len(text) <= HEADLINE_CHARS_MAX and not names_site(text, page.site_keys):
            yield Claim(without_site(text, page.site_keys), "json-ld")
    for name in _TITLE_METAS:
        text = page.document.meta(name)
        if text and not names_site(text, page.site_keys):
            yield Claim(without_site(text, page.site_keys), "meta")
    if page.document.title and not names_site(page.document.title, page.site_keys):
        yield Claim(without_site(page.document.title, page.site_keys), "dom")


def _headings(document: Document, *tags: str) -> Iterator[Heading]:
    """Visible headings of these levels, each level in document order, with their texts."""
    for tag in tags:
        for node in document.by_tag.get(tag, ())[:HEADINGS_MAX]:
            if not node.hidden and (text := _text(document, node)):
                yield node, text


def _of_site(headings: Iterable[Heading], site_keys: frozenset[str]) -> list[Heading]:
    return [heading for heading in headings if not names_site(heading[1], site_keys)]


def _titled(document: Document) -> list[Heading]:
    """Other visible elements that their classes call the title, in document order."""
    nodes = [
        n
        for tag in ("h2", "h3", "div", "p", "span")
        for n in document.by_tag.get(tag, ())[:2000]
        if n.hints and 8 <= n.chars <= HEADLINE_CHARS_MAX and _says_title(n.hints)
    ]
    nodes.sort(key=lambda node: node.index)
    return [(n, t) for n in nodes[:HEADINGS_MAX] if not n.hidden and (t := _text(document, n))]


@lru_cache(maxsize=16_384)
def _says_title(hints: str) -> bool:
    return any(word in hints for word in _TITLE_HINTS)


def _text(document: Document, node: Node) -> str:
    if not 2 <= node.chars <= HEADLINE_CHARS_MAX:
        return ""
    return document.heading(node)


def _confirmed(headings: list[Heading], titles: list[str], least: float) -> Heading | None:
    """The heading that the titles confirm best: the same words, or words contained in them."""
    best: tuple[float, Heading | None] = (least, None)
    for node, text in headings:
        found = key(text)
        score = max((confirmation(found, title) for title in titles), default=0.0)
        score += 0.15 if node.tag == "h1" else 0.0
        if score > best[0] + 1e-9:
            best = (score, (node, text))
    return best[1]


def _of_story(document: Document, found: Heading | None) -> Heading | None:
    """``found``, or where it is the name of a book, a blog or a section, as its link to the top or
    its place at the title's end says, the heading below it that the title has as well."""
    parts = parts_of(document.title)
    if found is None or len(parts) < 2:
        return found
    own, at_top = key(found[1]), _leads_to_top(document, found[0])
    is_end = at_top and key(document.title).endswith(f" {own}")
    if (own not in parts and not is_end) or is_addressed(found[1], document.url):
        return found
    sure = own == parts[-1] or at_top
    others = _headings(document, "h1", "h2", "h3")
    for node, text in (*others, *(_page_titles(document) if at_top else ())):
        other = key(text)
        if node.index < found[0].index or other == own:
            continue
        if other in parts and (sure or is_addressed(text, document.url)):
            return node, text
        if sure and node.tag == "h1" and f"{other} ".startswith(f"{parts[0]} "):
            return node, text
    return found


def _page_titles(document: Document) -> Iterator[Heading]:
    """The elements that publishing systems call the title of the page, and that are no headings."""
    for node in document.by_tag.get("div", ())[:2000]:
        if "page-title" in node.hints.split() and (text := _text(document, node)):
            yield node, text


def _printed_end(
    document: Document, found: Heading | None, declared: list[Claim]
) -> Heading | None:
    """The heading of any level that is the title's first part, or most of the title from one end,
    where ``found`` is neither: a blog's name, or the heading of a whole section."""
    parts, title = parts_of(document.title), key(document.title)
    own = key(found[1]) if found else ""
    if own in {key(claim.value) for claim in declared}:
        return None
    if not parts or own in parts or _is_end(own, title) or similarity(own, parts[0]) >= 0.5:
        return None
    claimed = key(declared[0].value) if declared else title
    address = set(key(path_key(document.url)).split())
    best: Heading | None = None
    longest = PRINTED_CHARS_MIN - 1
    for node, text in _headings(document, "h1", "h2", "h3", "h4"):
        printed = key(text)
        if len(printed) <= longest or printed in own or printed not in claimed or _is_code(text):
            continue
        is_most = _is_end(printed, title) and 2 * len(printed) >= len(title)
        in_address = len(address & {*printed.split()})
        is_first = printed == parts[0] and not document.title.startswith(f"{text}:")
        is_named = is_first or (is_most and (len(printed.split()) > 3 or in_address > 2))
        if in_address < len(address & {*own.split()}) or not is_named:
            continue
        if not _leads_to_top(document, node):
            longest, best = len(printed), (node, text)
    return best


def _is_end(printed: str, title: str) -> bool:
    return bool(printed) and (
        f"{title} ".startswith(f"{printed} ") or title.endswith(f" {printed}")
    )


def _leads_to_top(document: Document, heading: Node) -> bool:
    around = heading.parent if heading.in_link else None
    links = [*document.within(heading, "a"), *([around] if around and around.tag == "a" else [])]
    return any(href and path_key(document.resolve(href)) == "" for href in map(_href, links))


def _href(link: Node) -> str:
    return link.get("href")


def confirmation(heading: str, title: str) -> float:
    """How well a title confirms a heading, both as keys: 0 to 1.2, which is the same words."""
    if not heading or not title:
        return 0.0
    if heading == title:
        return 1.2
    short, long = sorted((heading, title), key=len)
    if short in long and len(short) >= 6:
        return 0.6 + 0.5 * len(short) / len(long)
    return similarity(heading, title)


def _addressed(page: Evidence, title: str) -> Claim | None:
    """The heading whose words the address repeats, where the only title names the site."""
    if not names_site(title, page.site_keys):
        return None
    for node, text in _headings(page.document, "h1", "h2", "h3"):
        if is_addressed(text, page.document.url):
            return Claim(text, "dom", (node,))
    return None


def _alone(document: Document, headings: list[Heading], declared: list[Claim]) -> Heading | None:
    """The only first heading of a page, where it is long enough to be one, or begins its title."""
    first = [h for h in headings if h[0].tag == "h1"]
    if len(first) != 1 or len(first[0][1]) > ALONE_CHARS_MAX:
        return None
    text = first[0][1]
    begins = key(text) in parts_of(document.title)[:1]
    return first[0] if not declared or begins or len(text.split()) >= 3 else None


def _printed_part(document: Document, title: str) -> Claim | None:
    """The heading that prints a declared title up to a mark that parts the site's name from it."""
    for node, text in _headings(document, "h1", "h2", "h3"):
        is_part = len(text) >= PART_CHARS_MIN and title.startswith(text) and not _is_code(text)
        if is_part and _CUT.match(title, len(text)):
            return Claim(text, "dom", (node,))
    return None


def _is_code(text: str) -> bool:
    """Whether ``text`` is an identifier, which is no headline."""
    return " " not in text and any(map(str.isdigit, text))


def _printed(document: Document, title: str) -> tuple[Node, ...]:
    """The heading of any level that prints a declared title."""
    wanted = key(title)
    found = _headings(document, "h1", "h2", "h3", "h4")
    return next(((node,) for node, text in found if key(text) == wanted), ())
