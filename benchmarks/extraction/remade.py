"""Changes of a page's tree: other elements, other names, another head."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import turbohtml
from turbohtml import Element, Text

from benchmarks.extraction.changes import Change
from benchmarks.extraction.surrounded import Tree, elements, of_tree, story

_GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
_UTILITIES = "flex flex-col md:w-1/2 mt-4 px-2 text-sm overflow-hidden lg:hidden:none"


def renamed(**tags: str) -> Change:
    """Elements of one tag become those of another."""

    def rename(tree: Tree) -> None:
        for old, new in tags.items():
            for element in elements(tree, "body " + old):
                element.tag = "_" + new
        for new in set(tags.values()):
            for element in elements(tree, "_" + new):
                element.tag = new

    return of_tree(rename)


def _breaks(tree: Tree) -> None:
    for paragraph in elements(tree, "body p"):
        paragraph.insert_after(Element("br"), Element("br"))
        paragraph.unwrap()


def _spans(tree: Tree) -> None:
    for paragraph in elements(tree, "body p"):
        paragraph.wrap_children(Element("span"))


def _pieces(tree: Tree) -> None:
    """Each run of five words in an element of its own, as some editors write."""
    for paragraph in elements(tree, "body p"):
        for text in [part for part in paragraph.descendants if isinstance(part, Text)]:
            words = re.findall(r"(?:\s*\S+){1,5}\s*", text.data)
            if words:
                text.replace_with(*(Element("span", children=[Text(run)]) for run in words))


def _wrapped(tree: Tree) -> None:
    for paragraph in elements(tree, "body p"):
        paragraph.wrap(Element("div"))


def _deeper(tree: Tree) -> None:
    body = tree.select_one("body")
    for _ in range(5):
        body.wrap_children(Element("div"))


def _columns(tree: Tree) -> None:
    paragraphs = story(tree)
    if not paragraphs:
        return
    children = list(paragraphs[0].parent.children)
    half = children.index(paragraphs[len(paragraphs) // 2])
    columns = Element("div"), Element("div")
    paragraphs[0].parent.extend(columns)
    for at, child in enumerate(children):
        columns[at >= half].append(child)


def _bold_headings(tree: Tree) -> None:
    for heading in elements(tree, "h2, h3, h4"):
        heading.wrap_children(Element("strong"))
        heading.tag = "p"


def _name(value: str) -> str:
    return "c" + re.sub(r"[a-f]", "x", hashlib.sha256(value.encode()).hexdigest()[:7])


def names(change: Callable[[str], str]) -> Change:
    """Each word of each class and id as ``change`` makes it."""

    def rename(tree: Tree) -> None:
        for name in ("class", "id"):
            for element in elements(tree, f"[{name}]"):
                words = (element.attr(name) or "").split()
                element.attrs[name] = " ".join(filter(None, map(change, words)))

    return of_tree(rename)


def _utilities(tree: Tree) -> None:
    for element in elements(tree, "body div, body p, body h1, body h2, body span"):
        element.attrs["class"] = f"{_UTILITIES} {element.attr('class') or ''}"


def _data(tree: Tree) -> None:
    for at, element in enumerate(elements(tree, "body *")):
        element.attrs["data-v-7ba5bd90"] = ""
        element.attrs["data-analytics-id"] = f"share-footer-related-{at}"


def without(selector: str = "", attributes: str = "") -> Change:
    """The page without some elements, and without some attributes."""

    def drop(tree: Tree) -> None:
        for element in elements(tree, selector) if selector else ():
            element.extract()
        for name in attributes.split():
            for element in elements(tree, f"[{name}]"):
                del element.attrs[name]

    return of_tree(drop)


def titled(form: str) -> Change:
    """The title of the head as another site would write it."""

    def title(page: str, url: str) -> str:
        tree = turbohtml.parse(page)
        headings = elements(tree, "h1")
        old = tree.select_one("head title")
        if len(headings) != 1 or old is None or not headings[0].text.strip():
            return page
        site = (urlsplit(url).hostname or "example.com").removeprefix("www.").partition(".")[0]
        old.set_text(form.format(title=" ".join(headings[0].text.split()), site=site.title()))
        return str(tree.html)

    return title


def _lazy(*, copies: bool) -> Change:
    def change(tree: Tree) -> None:
        for image in elements(tree, "body img[src]"):
            if copies:
                copy = Element("img", {"src": image.attr("src")})
                image.insert_after(Element("noscript", children=[copy]))
            image.attrs["data-src"] = image.attr("src")
            image.attrs["src"] = _GIF
            if image.attr("srcset"):
                image.attrs["data-srcset"] = image.attr("srcset")
                del image.attrs["srcset"]

    return of_tree(change)


def _relative(page: str, url: str) -> str:
    """Links within the site lose their host."""
    host = urlsplit(url).netloc
    return re.sub(rf'((?:href|src)=")https?://{re.escape(host)}/', r"\1/", page) if host else page


def _other_language(tree: Tree) -> None:
    root = tree.select_one("html")
    if root is not None:
        root.attrs["lang"] = "en" if not (root.attr("lang") or "en").startswith("en") else "de"


_CLAIMS = "meta[property], meta[name]:not([name=viewport]), script[type='application/ld+json']"
_MICRODATA = "itemprop itemscope itemtype itemid"
REMADE: dict[str, Change] = {
    "elements: five more around all": of_tree(_deeper),
    "elements: main, article, section as div": renamed(main="div", article="div", section="div"),
    "elements: p as div": renamed(p="div"),
    "elements: p as br": of_tree(_breaks),
    "elements: p in a div each": of_tree(_wrapped),
    "elements: span in each p": of_tree(_spans),
    "elements: span around words": of_tree(_pieces),
    "elements: h1 as h2": renamed(h1="h2"),
    "elements: h1 as div": renamed(h1="div"),
    "elements: h2 to h4 one lower": renamed(h2="h3", h3="h4", h4="h5"),
    "elements: h2 to h4 as bold p": of_tree(_bold_headings),
    "elements: lists as div": renamed(ul="div", ol="div", li="div"),
    "elements: figure as div": renamed(figure="div", figcaption="p"),
    "elements: header, footer, aside, nav as div": renamed(
        header="div", footer="div", aside="div", nav="div"
    ),
    "elements: b as strong, i as em": renamed(b="strong", strong="b", i="em", em="i"),
    "elements: story in two columns": of_tree(_columns),
    "names: hashed": names(_name),
    "names: prefixed": names("tw-".__add__),
    "names: none": without(attributes="class id"),
    "names: utilities": of_tree(_utilities),
    "names: data attributes": of_tree(_data),
    "names: none, no elements of HTML 5": lambda page, url: renamed(
        main="div", article="div", section="div", header="div", footer="div", aside="div", nav="div"
    )(str(without(attributes="class id itemprop role data-testid")(page, url)), url),
    "head: no JSON-LD": without("script[type='application/ld+json']"),
    "head: no Open Graph": without("meta[property], meta[name^='twitter:']"),
    "head: no microdata": without(attributes=_MICRODATA),
    "head: no canonical": without("link[rel=canonical], meta[property='og:url']"),
    "head: no title": without("head title"),
    "head: title | Site": titled("{title} | {site}"),
    "head: Site: title": titled("{site}: {title}"),
    "head: title (Site)": titled("{title} ({site})"),
    "head: title alone": titled("{title}"),
    "head: title only": without(_CLAIMS + ", link", _MICRODATA),
    "head: nothing": without(_CLAIMS + ", link, head title", _MICRODATA),
    "pictures: lazy": _lazy(copies=False),
    "pictures: lazy with copies": _lazy(copies=True),
    "links: relative": _relative,
    "links: http": lambda page, _: page.replace('="https://', '="http://'),
    "language: undeclared": without("meta[property='og:locale']", "lang"),
    "language: wrong": of_tree(_other_language),
}  # fmt: skip
