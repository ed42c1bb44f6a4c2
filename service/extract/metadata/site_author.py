"""The site itself as the author of its pages: by its own word, where nobody else is named."""

from __future__ import annotations

from service.article import Author
from service.extract.metadata.authors import Claimed
from service.extract.metadata.evidence import Evidence
from service.extract.metadata.linked_data import text_of
from service.extract.metadata.nearby import Line
from service.extract.metadata.people import groups, label_at_start
from service.extract.metadata.people.names import is_site
from service.extract.metadata.people.words import COLLECTIVE, WEAK_LABELS
from service.extract.metadata.printed_people import printed_bylines
from service.extract.metadata.titles import key


def read_site_author(page: Evidence, lines: list[Line]) -> Claimed | None:
    """The site itself as the author: only for pages that name nobody else anywhere."""
    return _of_site(page) or _signed_by_site(page, lines)


def _of_site(page: Evidence) -> Claimed | None:
    """The site itself, where JSON-LD expressly names it, and nobody else, as the author."""
    values = page.data.values(page.article, "author")
    names = [text for value in values if (text := text_of(value)) and len(text) <= 60]
    if len(names) == 1 and " ".join(names) and is_site(names[0], page.site_keys):
        return Claimed([Author(name=names[0])], "json-ld")
    return None


def _signed_by_site(page: Evidence, lines: list[Line]) -> Claimed | None:
    """The site itself, where a label or an author's link prints it as the author."""
    signed = next(filter(None, (_signed_by_staff(page, line) for line in lines)), None)
    if signed:
        return Claimed([Author(name=signed)], "dom")
    for byline in printed_bylines(page._replace(site_keys=frozenset()), lines):
        named = [a for a in byline.authors if is_site(a.name, page.site_keys)]
        if named and (byline.strong or named[0].url):
            return Claimed(named[:1], "dom")
    return None


def _signed_by_staff(page: Evidence, line: Line) -> str | None:
    """The site's staff as a line of its own label names it: ``by Post Staff``."""
    label, rest = label_at_start(line.text)
    if not label or label in WEAK_LABELS or line.place not in {"after", "before"}:
        return None
    name = next(iter(groups(rest, page.language)), "")
    named = set(key(name).split()) - COLLECTIVE
    return name if named and len(name) <= 60 and is_site(name, page.site_keys) else None
