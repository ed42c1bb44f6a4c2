"""A rule applied to a page: in the parse child, whose limits bound what an expression may cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, structs

from service.extract.document import Document, document_of, new_element, tree_of
from service.extract.page import Page
from service.extract.rules.text import Rule

TEXT_CHARS_MAX = 2_000
AUTHORS_MAX = 20
LINKS_MAX = 20


class Ruled(Struct, frozen=True, kw_only=True):
    """What a rule finds: the story alone as a document, and printed texts; null where nothing."""

    story: Document | None
    title: str | None
    authors: list[str]
    date: str | None


def apply(rule: Rule, page: Page) -> Ruled:
    """What ``rule`` finds on ``page``, stripped of what it says to strip."""
    tree = tree_of(replaced(rule, page))
    title = next(_texts(tree, rule.title), None)
    authors = list(dict.fromkeys(_texts(tree, rule.author)))[:AUTHORS_MAX]
    date = next(_texts(tree, rule.date), None)
    for element in _stripped(tree, rule):
        if element.parent is not None:
            element.extract()
    return Ruled(story=_story(tree, rule, page), title=title, authors=authors, date=date)


def links_of(rule: Rule, page: Page) -> tuple[list[str], list[str]]:
    """The absolute addresses of the page that has it all, and of the pages that follow."""
    tree = tree_of(replaced(rule, page))
    document = document_of(page, tree)

    def resolved(expressions: Iterable[str]) -> list[str]:
        hrefs = (document.resolve(text) for text in _texts(tree, expressions, attribute="href"))
        return list(dict.fromkeys(href for href in hrefs if href))[:LINKS_MAX]

    return resolved(rule.single_page_link), resolved(rule.next_page_link)


def replaced(rule: Rule, page: Page) -> Page:
    """The page with its source text changed as the rule says."""
    content = page.content
    if not rule.replace or isinstance(content, bytes):
        return page
    for found, instead in rule.replace:
        content = content.replace(found, instead)
    return structs.replace(page, content=content)


def _story(tree: Any, rule: Rule, page: Page) -> Document | None:
    """The elements of the first body expression that finds any, and nothing else, as a page."""
    body = tree.select_one("body")
    for expression in rule.body if body is not None else ():
        found = [
            one for one in _elements(_found(tree, expression)) if one.tag not in {"html", "body"}
        ]
        outermost = _outermost(found)
        if outermost:
            story = new_element("article")
            for element in outermost:
                # an article in the article would be taken for another story
                parts = list(element.children) if element.tag == "article" else [element]
                for part in parts:
                    story.append(part)
            body.clear()
            body.append(story)
            return document_of(page, tree)
    return None


def _outermost(elements: list[Any]) -> list[Any]:
    """Those that are inside no other one."""
    known = set(elements)
    return [one for one in elements if known.isdisjoint(one.ancestors)]


def _stripped(tree: Any, rule: Rule) -> Iterator[Any]:
    for expression in rule.strip:
        yield from list(_elements(_found(tree, expression)))
    for word in rule.strip_id_or_class:
        by_word = "//*[contains(@class, $word) or contains(@id, $word)]"
        yield from list(_elements(tree.xpath(by_word, word=word)))
    for source in rule.strip_image_src:
        yield from list(_elements(tree.xpath("//img[contains(@src, $source)]", source=source)))


def _found(tree: Any, expression: str) -> Any:
    """What an expression means on a page: nothing where it calls a function wrongly, which only
    shows when it is evaluated (``//main[nosuch()]`` on a page with that element)."""
    try:
        return tree.xpath(expression)
    except ValueError:
        return []


def _elements(result: Any) -> Iterator[Any]:
    if isinstance(result, list):
        yield from (one for one in result if hasattr(one, "xpath") and hasattr(one, "tag"))


def _texts(tree: Any, expressions: Iterable[str], attribute: str = "") -> Iterator[str]:
    """The texts that the first fruitful expression finds: strings, and of elements their
    ``attribute`` or their text."""
    for expression in expressions:
        result = _found(tree, expression)
        values = result if isinstance(result, list) else [result]
        texts = [text for value in values if (text := _text(value, attribute))]
        if texts:
            yield from texts
            return


def _text(value: Any, attribute: str) -> str:
    if not isinstance(value, str):
        is_element = attribute and hasattr(value, "attr")
        value = value.attr(attribute) if is_element else getattr(value, "text", "")
    text = value
    return " ".join(str(text or "").split())[:TEXT_CHARS_MAX]
