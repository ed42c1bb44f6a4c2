"""Where an article stands in its site: kicker, section, breadcrumbs, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.extract.document import Document, Node
from service.extract.metadata.claims import Claim, first, texts
from service.extract.metadata.dates import spans
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.hints import teller
from service.extract.metadata.nearby import Line
from service.extract.metadata.people import label_at_start
from service.extract.metadata.people.bylines import GLUED
from service.extract.metadata.people.printed import COUNT
from service.extract.metadata.titles import key, names_site
from service.extract.vocabulary import kind_of

KICKER_CHARS_MAX = 90
SECTION_CHARS_MAX = 60
KEYWORDS_MAX = 50
KEYWORD_CHARS_MAX = 80
LABELS_MAX = 3
"""Sections that one label names."""
KEYWORD_KINDS_MIN = 3
TITLE_CHARS = 25
"""A headline so short may be the name of what its page is about, and so a keyword."""
_says_kicker = teller(
    "kicker overline over-title overtitle topline dachzeile eyebrow roofline roof-line surtitre "
    "sur-titre supertitle super-title suptitle antetit volanta spitzmarke pretitle pre-title "
    "precede cintillo sobretitulo chapeu chapéu headline-label stichwort trumf vignette slug "
    "preheadline"
)
_CATEGORIES = "categor rubri ressort kategori cat-links"
_says_section = teller(f"section seccion sezione eyebrow kicker {_CATEGORIES}")
_says_place = teller(f"eyebrow kicker section-name section-label {_CATEGORIES}")
_says_categories = teller(_CATEGORIES)
_SECTION_KINDS = frozenset({None, "navigation", "topics"})
_NO_SECTION = frozenset({
    "uncategorized", "uncategorised", "unkategorisiert", "non classé", "sin categoría",
    "sin categorizar", "sem categoria", "senza categoria", "niet gecategoriseerd", "без рубрики",
    "bez kategorii", "nezařazené", "okategoriserade", "ukategoriseret", "未分类", "未分類",
    "미분류", "front page", "front-page", "all", "alle", "home", "tags", "search results", "detail",
    "content", "article", "articles", "artikel", "suggested articles", "nil", "null", "none",
})  # fmt: skip
"""What publishing systems call what nobody put into a section, and kinds of pages."""
_KIND_OF_KEYWORD = re.compile(r"[^\W\d_][\w -]{1,24}: ?\S")
"""A keyword for machines: ``locale: US``, ``Page Type: Article``."""
_FOR_MACHINES = re.compile(
    r"[/@_].*|[a-z\d]+(?:_[a-z\d]+)+|\d{5,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{16,}"
    r"|(?:page |post |content )?(?:section|type|id)\s?:.*|[a-z]+:\w+[:/]\S.*"
    r"|[a-z]+(?:[-_][a-z]+){4,}",
    re.IGNORECASE,
)
"""Identifiers and paths: ``104669``, ``/article``, ``stats-reach-team-all-articles``."""
_OCLOCK = re.compile(r"^\s?uhr\b", re.IGNORECASE)
_KEYWORD_EDGES = " \"“”„'‘`›»«*[]"
_OFFERED = re.compile(r"!$|^close\b|\d ?%|\blog-?in\b|^[^\w]*/|^[\W\d_]+$", re.IGNORECASE)
"""What is no name of a section: an offer, the way to an account, a path, a price."""
_COMMA = re.compile(r",(?!\d{3}\b)")
_LOOSE_COMMA = re.compile(r",\s+(?=\S)")
_JOINED = re.compile(r"&|(?:^|\s)(?:and|und|et|y|e|en|och|og|i|és|și|ve)\s", re.IGNORECASE)
LISTED_MIN = 3
_KICKER_EDGES = " ,;:/|–—-·•"
_AT = re.compile(r"\s*\b\d{1,2}[:.]\d{2}\s(?:uhr|h)\b(?:\s?-?\s?updated?)?", re.IGNORECASE)
"""The hour of the news in a kicker: ``Airport 12:03 Uhr UPDATE``."""
_ZONE = re.compile(r"[A-Z]{2,4}")
_PICTURED = re.compile(r"©|\((?:photo|foto|image|bild|pic|credit)s?\b", re.IGNORECASE)
"""What stands above a headline is the words of a picture."""
_SECTION_LABEL = re.compile(
    r"^(?:category|channel|section|topic|[ck]at[eé]gor[iíyj](?:[aey]|ja|en)?|kategória|κατηγορία"
    r"|категори[яи]|категорія|рубрика|rubri[kc]a?|ressort|sezione|rubriek|seção|sección|dział)"
    r"\s?: ?(?=\S)",
    re.IGNORECASE,
)
_SECTION_METAS = ("article:section", "og:article:section", "parsely-section", "articlesection",
                  "section", "cxenseparse:section", "dc.subject", "category", "sailthru.section",
                  "og:section", "news:section")  # fmt: skip


def read_kicker(
    document: Document, lines: list[Line], headline: Node | None, language: str
) -> Claim | None:
    """The line printed above the headline, where its classes say so; or inside of it. A date that
    stands in it is not part of it."""
    found = _printed_kicker(document, lines, headline)
    if found is None or found.value.count(" / ") > 1:  # a path
        return None
    dates = [*spans(found.value, language)]
    text = found.value
    for start, end in reversed(dates):
        text = f"{text[:start]} {_OCLOCK.sub('', text[end:])}"
    text = _AT.sub("", " ".join(text.split()))
    bare = COUNT.sub(" ", text)
    timed, text = bare != text, " ".join(bare.split())
    text = text.strip(_KICKER_EDGES if dates or timed else ",;: ")
    if _PICTURED.search(text) or (timed and _ZONE.fullmatch(text)):
        return None
    signed = GLUED.match(text) or label_at_start(text)[0]
    return found._replace(value=text) if len(text) > 1 and not signed else None


def _printed_kicker(document: Document, lines: list[Line], headline: Node | None) -> Claim | None:
    if headline is None:
        return None
    for node in headline.elements():
        if _says_kicker(node.hints) and 2 <= node.chars <= KICKER_CHARS_MAX:
            return Claim(document.text(node), "dom", (node,))
    for line in lines:
        if line.place in {"before", "after"} or 0 < headline.index - line.node.index < 30:
            for node in (line.node, *line.node.elements()):
                if node.hints and _says_kicker(node.hints) and 2 <= node.chars <= KICKER_CHARS_MAX:
                    text = document.text(node)
                    return Claim(text, "dom", (node,)) if kind_of(text) is None else None
    return None


def read_section(
    page: Evidence, crumbs: Claim | None, lines: list[Line], headline: str
) -> Claim | None:
    """The newspaper section: as declared, else the label by the headline, else the last crumb."""
    title = key(headline)
    printed = {name.casefold(): name for name in (crumbs.value if crumbs else ())}
    claims = texts(_sections(page, crumbs, lines))
    bare = (claim._replace(value=_SECTION_LABEL.sub("", claim.value)) for claim in claims)
    found = first(
        claim
        for claim in bare
        if len(claim.value) <= SECTION_CHARS_MAX
        and claim.value.casefold().rpartition(": ")[2] not in _NO_SECTION
        and key(claim.value) != title
        and not names_site(claim.value, page.site_keys)
        and not _OFFERED.search(claim.value)
        and claim.value[:1] not in "-–*"
        and not any(spans(claim.value, page.language))
    )
    as_printed = printed.get(found.value) if found else None
    return found._replace(value=as_printed) if found and as_printed else found


def _sections(page: Evidence, crumbs: Claim | None, lines: list[Line]) -> Iterator[Claim]:
    yield Claim(_first_listed(page.data.text(page.article, "articleSection")), "json-ld")
    for name in _SECTION_METAS:
        yield Claim(_first_listed(page.document.meta(name)), "meta")
    for item in page.items.own("articlesection"):
        yield Claim(item.value, "microdata")
    label = section_label(lines)
    if label and (text := _labelled(page.document, label)):
        yield Claim(text, "dom", (label.node,))
    if crumbs and len(crumbs.value) > 1:
        yield Claim(crumbs.value[-1], crumbs.source)


def _first_listed(declared: str | None) -> str | None:
    """The first of several sections in one text: commas without a blank part sections, others only
    where three or more have no word for *and* before the last."""
    if not declared or "," not in declared:
        return declared
    parts = [part.strip() for part in _COMMA.split(declared.strip(" ,"))]
    tight = not _LOOSE_COMMA.search(declared)
    is_list = len(parts) >= LISTED_MIN and not _JOINED.search(parts[-1])
    return parts[0] if tight or is_list else ", ".join(parts)


def _labelled(document: Document, label: Line) -> str | None:
    """The sections that a label names; None for a menu of many."""
    links = [document.text(link) for link in document.within(label.node, "a") if link.chars]
    if len(links) < 2:
        return min([*links, label.text], key=len)
    is_list = _says_categories(label.node.hints) and len(links) <= LABELS_MAX
    return ", ".join(dict.fromkeys(link.strip(" ,/|•·") for link in links)) if is_list else None


def section_label(lines: list[Line]) -> Line | None:
    """The line next to the headline that is nothing but a linked section name."""
    for line in lines:
        near = line.place in {"before", "after", "outside"} and line.node.tag != "footer"
        if near and 2 <= line.node.chars <= SECTION_CHARS_MAX and line.node.link_chars:
            hints = line.node.hints + " " + " ".join(n.hints for n in line.node.elements()[:4])
            label = _SECTION_LABEL.match(line.text)
            bare = line.node.chars - (label.end() if label else 0)
            linked = 2 * line.node.link_chars > bare
            says = _says_section if line.place != "outside" else _says_place
            if linked and says(hints) and kind_of(line.text) in _SECTION_KINDS:
                return line
    return None


def read_keywords(page: Evidence, headline: str) -> Claim | None:
    """The keywords that the page declares, each once, in order, without the site's own name and
    the headline itself."""
    own = page.site_keys | ({key(headline)} if len(headline) > TITLE_CHARS else frozenset())
    claims = (
        Claim(page.data.texts(page.article, "keywords"), "json-ld"),
        Claim(page.document.metas.get("article:tag"), "meta"),
        Claim(page.document.metas.get("news_keywords"), "meta"),
        Claim(page.document.metas.get("keywords"), "meta"),
        Claim(page.document.metas.get("parsely-tags"), "meta"),
        Claim(page.document.metas.get("sailthru.tags"), "meta"),
        Claim(_tags(page), "dom"),
    )  # fmt: skip
    for claim in claims:
        found = [k for k in _for_readers(_listed(claim.value or [])) if key(k) not in own]
        if found:
            return claim._replace(value=found)
    return None


def _for_readers(keywords: list[str]) -> list[str]:
    """Without identifiers, and those that tell machines of what kind the page is, where several
    do."""
    kinds = {k for k in keywords if _KIND_OF_KEYWORD.match(k)}
    left = kinds if len(kinds) >= KEYWORD_KINDS_MIN else frozenset()
    return [k for k in keywords if k not in left and not _FOR_MACHINES.fullmatch(k)]


def _tags(page: Evidence) -> list[str]:
    """What links of ``rel=tag`` print."""
    links = page.items.rels.get("tag", ())[:KEYWORDS_MAX]
    return [page.document.text(n) for n in links if n.chars <= KEYWORD_CHARS_MAX]


def _listed(values: list[str]) -> list[str]:
    found: dict[str, str] = {}
    for value in values[:200]:
        for part in re.split(r"[,;|、，]", value[:4000]):
            text = " ".join(part.split()).lstrip("#").strip(_KEYWORD_EDGES)
            if text and len(text) <= KEYWORD_CHARS_MAX and len(found) < KEYWORDS_MAX:
                found.setdefault(text.casefold(), text)
    return list(found.values())
