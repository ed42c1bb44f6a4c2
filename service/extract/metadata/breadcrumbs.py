"""The path that a page prints or declares to itself, from the outermost section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from service.extract.document import Document, Node
from service.extract.metadata.addresses import read_canonical
from service.extract.metadata.claims import Claim
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.headline import declared_titles
from service.extract.metadata.hints import teller
from service.extract.metadata.linked_data import LinkedData, text_of, types_of
from service.extract.metadata.titles import key, names_site, path_key, similarity, without_site

CRUMBS_MAX = 12
PRINTED_CRUMBS_MAX = 8
"""More links than this beside each other are a menu."""
CRUMB_CHARS_MAX = 120
LIKE_TITLE_MIN = 0.5
LIKE_TITLE_WORDS = 4
"""A last crumb of so many words that shares half of them with the headline is the article."""
_CRUMBS = (
    "breadcrumb", "bread-crumb", "brotkrume", "ariane", "crumbs", "brodkrumme", "kruimel",
    "yol-haritasi",
)  # fmt: skip
_says_crumbs = teller(" ".join(_CRUMBS))
_YEAR = re.compile(r"(?:19|20)\d\d")
_SEPARATORS = frozenset("/>»›|→-·•")
_NO_CRUMBS = frozenset({
    "search", "advanced search", "suche", "erweiterte suche", "rechercher", "buscar", "pesquisar",
    "cerca", "zoeken", "szukaj", "поиск", "検索", "搜索", "검색", "english", "español", "deutsch",
    "français", "italiano", "português", "nederlands", "русский", "中文", "日本語", "한국어",
    "العربية", "you are here", "sie sind hier", "aktueller artikel", "aktuelle seite",
    "current page", "current article", "back", "zurück", "retour", "volver", "indietro", "terug",
})  # fmt: skip
"""What stands in the row of the path and is none of it: search, languages, labels."""


_ROOTS = frozenset({
    "home", "homepage", "home page", "frontpage", "front page", "main page", "start", "startseite",
    "accueil", "inicio", "início", "portada", "principal", "página inicial", "página principal",
    "pagina iniziale", "beranda", "trang chủ", "anasayfa", "ana sayfa", "hem", "hjem", "forside",
    "etusivu", "úvod", "acasă", "kezdőlap", "főoldal", "strona główna", "главная", "головна",
    "начало", "αρχική", "الرئيسية", "首页", "首頁", "トップ", "ホーム", "홈",
})  # fmt: skip
"""What the top of a site is called in a path; a path that ends there says nothing."""


_BACK = ("back to ", "zurück zu", "retour à ", "retour au ", "volver a ", "voltar para ")


class _Crumb(NamedTuple):
    """One step of a path; ``address`` is empty where it has none."""

    name: str
    address: str


def read_breadcrumbs(page: Evidence, headline: str) -> Claim | None:
    """The path to the article, from the outermost; the article itself is left out."""
    printed = _crumb_node(page.document)
    nodes = (printed,) if printed else ()
    for node in page.data.top:
        if "breadcrumblist" in types_of(node):
            items = sorted(page.data.values(node, "itemListElement"), key=_position)
            if found := _path(page, (_crumb(page.data, each) for each in items), headline):
                return Claim(found, "json-ld", nodes)
    links = page.document.within(printed, "a") if printed else []
    if len(links) <= PRINTED_CRUMBS_MAX:
        crumbs = (_Crumb(page.document.text(link), link.get("href")) for link in links)
        if found := _path(page, crumbs, headline):
            return Claim(found, "dom", nodes)
    return None


def _position(item: object) -> int:
    """Where a declared step stands; those that do not say stay as they come, at the front."""
    position = str(item.get("position")) if isinstance(item, dict) else ""
    return int(position) if position.isdecimal() else 0


def _crumb(data: LinkedData, item: object) -> _Crumb:
    if not isinstance(item, dict):
        return _Crumb("", "")
    target = data.whole(item.get("item"))
    address = target.get("@id") or target.get("url") if isinstance(target, dict) else target
    name = text_of(item.get("name")) or text_of(target) or ""
    return _Crumb(name, address if isinstance(address, str) else "")


def _crumb_node(document: Document) -> Node | None:
    named = any(word in document.all_hints for word in _CRUMBS)
    for tag in ("nav", "ol", "ul", "div", "p", "section") if named else ("nav",):
        for node in document.by_tag.get(tag, ())[:1500]:
            if node.chars and not node.hidden and node.chars <= 400:
                hints = node.hints
                if _says_crumbs(hints) or (
                    tag == "nav" and _says_crumbs(node.get("aria-label").lower())
                ):
                    return node
    return None


def _path(page: Evidence, crumbs: Iterable[_Crumb], headline: str) -> list[str]:
    found: list[_Crumb] = []
    for crumb in list(crumbs)[:CRUMBS_MAX]:
        text = " ".join(crumb.name.split()).strip(" /»›>")
        if text and len(text) <= CRUMB_CHARS_MAX and _leads_on(text):
            found.append(_Crumb(text, crumb.address))
    steps = _without_article(page, found, headline)
    if all(_is_root(page, step) for step in steps):
        return []
    names = _last_path([step.name for step in steps])
    dated = next((at for at, name in enumerate(names) if _YEAR.fullmatch(name)), len(names))
    return names[:dated] if not any(map(str.isdecimal, names[:dated])) else []


def _is_root(page: Evidence, crumb: _Crumb) -> bool:
    """Whether a step is the top of the site: by its word, the site's name, or its address."""
    if crumb.name.casefold() in _ROOTS or names_site(crumb.name, page.site_keys):
        return True
    address = page.document.resolve(crumb.address) if crumb.address else None
    return bool(address) and path_key(address) == ""


def _leads_on(name: str) -> bool:
    plain = name.casefold().rstrip(":")
    return name not in _SEPARATORS and plain not in _NO_CRUMBS and not plain.startswith(_BACK)


def _without_article(page: Evidence, crumbs: list[_Crumb], headline: str) -> list[_Crumb]:
    """Without the steps that are the page itself: by its address, by one of its titles, or, at
    the end, by most words of its headline."""
    canonical = read_canonical(page)
    own = {path_key(page.document.url), path_key(canonical.value if canonical else None)} - {""}
    declared = declared_titles(page.document)
    titles = {key(t) for t in (headline, *declared)}
    titles |= {key(without_site(t, page.site_keys)) for t in declared}
    found = [c for c in crumbs if key(c.name) not in titles and path_key(c.address) not in own]
    if found and found[-1] == crumbs[-1]:
        last = key(found[-1].name)
        is_long = last.count(" ") + 1 >= LIKE_TITLE_WORDS
        if is_long and any(similarity(last, each) >= LIKE_TITLE_MIN for each in titles):
            found.pop()
    return found


def _last_path(names: list[str]) -> list[str]:
    """The last of several paths that begin alike: an article may stand in two sections."""
    starts = [at for at, name in enumerate(names) if name == names[0]]
    return names[starts[-1] :] if names else names
